// SPDX-License-Identifier: MIT
// Schemes of crypt(3), by libxcrypt.
#include "auth/crypt_cost.h"
#include "auth/scheme.h"
#include "auth/secret/secret_bytes.h"
#include "base/error.h"

#include <algorithm>
#include <cerrno>
#include <crypt.h>
#include <cstdio>
#include <cstring>
#include <memory>

namespace auth {
namespace {

constexpr unsigned bcrypt_default_cost = 5;
constexpr unsigned bcrypt_least_cost = 4;
constexpr unsigned bcrypt_most_cost = 31;
constexpr std::size_t bcrypt_salt_bytes = 16;
constexpr unsigned sha2_default_rounds = 5000;
constexpr unsigned sha2_least_rounds = 1000;
constexpr std::size_t sha2_salt_characters = 16;
constexpr std::size_t md5_salt_characters = 8;
constexpr std::size_t des_salt_characters = 2;

struct Wiping {
    void operator()(crypt_data* data) const {
        ::explicit_bzero(data, sizeof *data);
        delete data;
    }
};

// Empty where crypt(3) cannot do it; errno says why.
std::string crypt_text(std::string_view password, std::string_view setting) {
    std::unique_ptr<crypt_data, Wiping> data(new crypt_data{});
    std::string secret(password);
    const char* made = ::crypt_r(secret.c_str(), std::string(setting).c_str(), data.get());
    wipe(secret);
    return made && made[0] != '*' ? std::string(made) : std::string();
}

Generated generated(const Generating& asked, const std::string& setting) {
    errno = 0;
    std::string text = crypt_text(asked.password, setting);
    if (text.empty())
        return base::Unexpected{"crypt() failed: " + base::error_text(errno ? errno : EINVAL)};
    return text;
}

Generated generate_sha2(const Generating& asked, std::string_view prefix) {
    unsigned rounds = asked.options.rounds;
    if (rounds > asked.options.limits.rounds)
        return too_many_rounds(rounds, asked.options.limits.rounds);
    if (rounds == 0) rounds = sha2_default_rounds;
    rounds = std::max(rounds, sha2_least_rounds);
    std::string setting(prefix);
    if (rounds != sha2_default_rounds) setting += "rounds=" + std::to_string(rounds) + "$";
    return generated(asked, setting + random_salt(sha2_salt_characters));
}

}  // namespace

Verification verify_crypt(const Verifying& asked) {
    if (asked.raw.size() > 3 && asked.raw.starts_with("$2") && asked.raw[3] == '$')
        return verify_bcrypt(asked);
    switch (judge_crypt(asked.raw, asked.options.limits)) {
        case CryptForm::unknown:
            return match_if(false);
        case CryptForm::too_costly:
            return too_costly();
        case CryptForm::usable:
            break;
    }
    std::string made = crypt_text(asked.password, asked.raw);
    return match_if(!made.empty() && same_secret(asked.raw, made));
}

Verification verify_bcrypt(const Verifying& asked) {
    if (!is_bcrypt(asked.raw)) return verify_error("Password is not blowfish password");
    unsigned cost =
        static_cast<unsigned>(asked.raw[4] - '0') * 10 + static_cast<unsigned>(asked.raw[5] - '0');
    if (cost < bcrypt_least_cost || cost > bcrypt_most_cost)
        return verify_error("crypt_blowfish_rn failed: Invalid argument");
    if (judge_crypt(asked.raw, asked.options.limits) != CryptForm::usable) return too_costly();
    std::string made = crypt_text(asked.password, asked.raw);
    return match_if(!made.empty() && same_secret(asked.raw, made));
}

Verification verify_md5_crypt(const Verifying& asked) {
    if (!asked.raw.starts_with("$1$")) return match_if(false);
    return verify_crypt(asked);
}

Verification verify_md5(const Verifying& asked) {
    if (asked.raw.starts_with("$1$")) return verify_crypt(asked);
    auto plain = decode({"PLAIN-MD5", std::string(asked.raw)});
    if (!plain) return verify_error("Not a valid MD5-CRYPT or PLAIN-MD5 password");
    return match_if(same_secret(plain->raw, digest(Digest::md5, {asked.password})));
}

Generated generate_bcrypt(const Generating& asked) {
    const unsigned most = std::min(asked.options.limits.bcrypt_cost, bcrypt_most_cost);
    unsigned cost = asked.options.rounds;
    if (cost > most) return too_many_rounds(cost, most);
    if (cost == 0) cost = bcrypt_default_cost;
    cost = std::max(cost, bcrypt_least_cost);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    std::string random = random_bytes(bcrypt_salt_bytes);
    if (!::crypt_gensalt_rn("$2y$", cost, random.data(), static_cast<int>(random.size()), setting,
                            sizeof setting))
        return base::Unexpected{"crypt_gensalt() failed: " + base::error_text(errno)};
    return generated(asked, setting);
}

Generated generate_des_crypt(const Generating& asked) {
    return generated(asked, random_salt(des_salt_characters));
}

Generated generate_md5_crypt(const Generating& asked) {
    return generated(asked, "$1$" + random_salt(md5_salt_characters));
}

Generated generate_sha256_crypt(const Generating& asked) {
    return generate_sha2(asked, "$5$");
}

Generated generate_sha512_crypt(const Generating& asked) {
    return generate_sha2(asked, "$6$");
}

}  // namespace auth
