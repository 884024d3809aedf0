// SPDX-License-Identifier: MIT
#include "base/session_id.h"

#include "base/error.h"

#include <sys/random.h>

namespace base {

std::string new_session_id() {
    constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char bytes[18] = {};  // the last two stay 0: padding to whole groups of three
    if (::getrandom(bytes, 16, 0) != 16) throw_errno("getrandom");
    std::string id;
    for (std::size_t i = 0; i < sizeof bytes; i += 3) {
        unsigned group = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            id += alphabet[group >> shift & 63];
    }
    id.resize(22);
    return id;
}

}  // namespace base
