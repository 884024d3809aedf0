// SPDX-License-Identifier: MIT
#include "auth/secret/secret_bytes.h"

#include "base/error.h"

#include <cerrno>
#include <cstring>
#include <nettle/memops.h>
#include <sys/random.h>

namespace auth {

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::memeql_sec(a.data(), b.data(), a.size());
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    std::size_t done = 0;
    while (done < count) {
        ssize_t got = ::getrandom(out.data() + done, count - done, 0);
        if (got < 0 && errno != EINTR) base::throw_errno("getrandom");
        if (got > 0) done += static_cast<std::size_t>(got);
    }
    return out;
}

std::string random_salt(std::size_t characters) {
    constexpr std::string_view alphabet =
        "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static_assert(alphabet.size() == 64);
    std::string out = random_bytes(characters);
    for (char& c : out)
        c = alphabet[static_cast<unsigned char>(c) % alphabet.size()];
    return out;
}

void wipe(std::string& secret) {
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

}  // namespace auth
