// SPDX-License-Identifier: MIT
// A row of the table of password schemes, and the functions that rows are made of. For the files of
// this folder; others use auth/password_scheme.h.
#pragma once

#include "auth/password_scheme.h"
#include "auth/secret/digest.h"

#include <cstdint>

namespace auth {

enum class Encoding { none, hex, base64 };

// What a verifier or a generator gets.
struct Verifying {
    std::string_view raw;       // the decoded data; its length is right where `raw_bytes` is set
    std::string_view password;  // without NUL
    const CheckOptions& options;
};
struct Generating {
    std::string_view password;  // without NUL
    const GenerateOptions& options;
};
using Generated = base::Result<std::string, std::string>;

struct Scheme {
    std::string_view name;
    Encoding encoding = Encoding::none;
    std::size_t raw_bytes = 0;  // 0: any number
    bool weak = false;
    Verification (*verify)(const Verifying& asked) = nullptr;
    Generated (*generate)(const Generating& asked) = nullptr;
};

inline Verification match_if(bool same) {
    if (same) return {Verification::Verdict::match, {}};
    return {Verification::Verdict::mismatch, "Password mismatch"};
}
inline Verification verify_error(std::string text) {
    return {Verification::Verdict::error, std::move(text)};
}
// For SchemeLimits.
inline Verification too_costly() {
    return verify_error("Stored password asks for more work than is allowed");
}
inline Generated too_many_rounds(std::uint64_t rounds, std::uint64_t most) {
    return base::Unexpected{std::to_string(rounds) + " rounds are too many, the most are " +
                            std::to_string(most)};
}

// plain_schemes.cpp
Verification verify_plain(const Verifying& asked);
Verification verify_plain_trunc(const Verifying& asked);
Generated generate_plain(const Generating& asked);

// digest_schemes.cpp: a digest of the password, or of the password and the salt that follows it.
template <Digest algorithm>
Verification verify_digest(const Verifying& asked);
template <Digest algorithm>
Generated generate_digest(const Generating& asked);
template <Digest algorithm>
Verification verify_salted(const Verifying& asked);
template <Digest algorithm>
Generated generate_salted(const Generating& asked);
Verification verify_cram_md5(const Verifying& asked);
Generated generate_cram_md5(const Generating& asked);
Verification verify_digest_md5(const Verifying& asked);
Generated generate_digest_md5(const Generating& asked);

// crypt_schemes.cpp
Verification verify_crypt(const Verifying& asked);
Verification verify_bcrypt(const Verifying& asked);
Verification verify_md5_crypt(const Verifying& asked);
Verification verify_md5(const Verifying& asked);  // MD5-CRYPT, or PLAIN-MD5 in either encoding
Generated generate_bcrypt(const Generating& asked);
Generated generate_des_crypt(const Generating& asked);
Generated generate_md5_crypt(const Generating& asked);
Generated generate_sha256_crypt(const Generating& asked);
Generated generate_sha512_crypt(const Generating& asked);

// argon2_schemes.cpp
Verification verify_argon2(const Verifying& asked);
Generated generate_argon2i(const Generating& asked);
Generated generate_argon2id(const Generating& asked);

// derived_schemes.cpp: PBKDF2, SCRAM (RFC 5802) and OTP (RFC 2289).
Verification verify_pbkdf2(const Verifying& asked);
Generated generate_pbkdf2(const Generating& asked);
template <Digest algorithm>
Verification verify_scram(const Verifying& asked);
template <Digest algorithm>
Generated generate_scram(const Generating& asked);
Verification verify_otp(const Verifying& asked);
Generated generate_otp(const Generating& asked);

}  // namespace auth
