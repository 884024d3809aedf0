// SPDX-License-Identifier: MIT
#include "auth/password_scheme.h"
#include "base/text.h"

#include <catch2/catch.hpp>

#include <set>

namespace {

std::string made(std::string_view scheme, unsigned rounds = 0, auth::SchemeLimits limits = {}) {
    auto data = auth::generate(scheme, "secret",
                               {.user = "ana@x.example", .rounds = rounds, .limits = limits});
    return data ? *data : "error: " + data.error();
}

}  // namespace

TEST_CASE("what any scheme makes, in any encoding, it verifies, and no other password") {
    for (std::string_view name : auth::scheme_names()) {
        if (name == "PLAIN-TRUNC") continue;  // made without its length, as Dovecot does
        for (std::string encoding : {"", ".HEX", ".b64", ".Base64"}) {
            const std::string scheme = std::string(name) + encoding;
            CAPTURE(scheme);
            CHECK(auth::is_known_scheme(scheme));
            auth::StoredPassword stored{scheme, made(scheme)};
            CAPTURE(stored.data);
            auth::CheckOptions options{.user = "ana@x.example"};
            CHECK(auth::verify(stored, "secret", options).text == "");
            CHECK(auth::verify(stored, "Secret", options).text == "Password mismatch");
            if (name.starts_with("ARGON2")) break;  // slow, and the encoding is the same code
        }
    }
}

TEST_CASE("rounds: too few become the least, too many are an error") {
    struct Case {
        std::string scheme;
        unsigned rounds;
        std::string begin;
    };
    auto one = GENERATE(values<Case>({
        {"CRYPT", 0, "$2y$05$"},
        {"BLF-CRYPT", 0, "$2y$05$"},
        {"BLF-CRYPT", 3, "$2y$04$"},
        {"BLF-CRYPT", 6, "$2y$06$"},
        {"BLF-CRYPT", 21, "error: 21 rounds are too many, the most are 20"},
        {"SHA256-CRYPT", 0, "$5$"},
        {"SHA256-CRYPT", 1234, "$5$rounds=1234$"},
        {"SHA512-CRYPT", 999, "$6$rounds=1000$"},
        {"SHA512-CRYPT", 999999999, "error: 999999999 rounds are too many, the most are 100000000"},
        {"PBKDF2", 0, "$1$"},
        {"PBKDF2", 999999999, "error: 999999999 rounds are too many, the most are 100000000"},
        {"SCRAM-SHA-1", 0, "4096,"},
        {"SCRAM-SHA-1", 4095, "4096,"},
        {"SCRAM-SHA-256", 5000, "5000,"},
        {"ARGON2ID", 1, "$argon2id$v=19$m=65536,t=3,p=1$"},
        {"ARGON2I", 0, "$argon2i$v=19$m=32768,t=4,p=1$"},
        {"ARGON2I", 2, "error: crypto_pwhash_argon2i_str failed: Invalid argument"},
        {"ARGON2I", 3, "$argon2i$v=19$m=32768,t=3,p=1$"},
        {"ARGON2I", 6, "$argon2i$v=19$m=131072,t=6,p=1$"},
        {"ARGON2ID", 65, "error: 65 rounds are too many, the most are 64"},
        {"SSHA", 9, ""},
    }));
    CAPTURE(one.scheme, one.rounds);
    CHECK(made(one.scheme, one.rounds).substr(0, one.begin.size()) == one.begin);
}

TEST_CASE("5000 rounds of SHA-crypt go without saying") {
    CHECK_FALSE(base::istarts_with(made("SHA512-CRYPT", 5000), "$6$rounds="));
}

TEST_CASE("salts are another each time") {
    auto scheme = GENERATE(as<std::string>{}, "SSHA", "SSHA512", "SMD5", "CRYPT", "MD5-CRYPT",
                           "SHA512-CRYPT", "PBKDF2", "SCRAM-SHA-256", "OTP");
    CAPTURE(scheme);
    std::set<std::string> seen;
    for (int i = 0; i < 8; ++i)
        seen.insert(made(scheme));
    CHECK(seen.size() == 8);
}

TEST_CASE("errors name what is missing") {
    CHECK(made("NOPE") == "error: Unknown scheme: NOPE");
    CHECK(made("SHA.FOO") == "error: Unknown scheme: SHA.FOO");
    CHECK(auth::generate("DIGEST-MD5", "secret").error() ==
          "digest_md5_generate(): username not given");
    CHECK(auth::generate("SHA512-CRYPT", std::string(600, 'x')).error() ==
          "crypt() failed: Numerical result out of range");
}

TEST_CASE("names of schemes") {
    CHECK(auth::scheme_names().size() == 31);
    CHECK(auth::is_weak_scheme("md5-crypt.hex"));
    CHECK_FALSE(auth::is_weak_scheme("CRAM-MD5"));
    CHECK_FALSE(auth::is_weak_scheme("NTLM"));
    CHECK(auth::same_scheme("CRAM-MD5", "hmac-md5.b64"));
    CHECK(auth::same_scheme("SHA", "SHA1"));
    CHECK(auth::same_scheme("PLAIN-MD5", "LDAP-MD5"));
    CHECK_FALSE(auth::same_scheme("SHA", "SSHA"));
    CHECK_FALSE(auth::same_scheme("NOPE", "NOPE"));
}
