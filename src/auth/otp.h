// SPDX-License-Identifier: MIT
// One-time passwords (RFC 2289): the state that a server keeps, "sha1 1024 seed hash", and the
// digest that leads from one password to the one before. Pure functions.
#pragma once

#include "auth/secret/digest.h"

#include <optional>
#include <string>
#include <string_view>

namespace auth {

struct OtpState {
    Digest algorithm = Digest::sha1;  // md4, md5 or sha1
    unsigned sequence = 0;
    std::string seed;  // 0-16 letters and digits, lower case
    std::string hash;  // 8 bytes
};

// Names and numbers are separated by one space each; the hash may have spaces in it, and what
// follows it is not read.
std::optional<OtpState> read_otp(std::string_view text);
std::string write_otp(const OtpState& state);

// The digest, folded to 8 bytes (RFC 2289, appendix A), of these bytes.
std::string otp_step(Digest algorithm, std::string_view bytes);
// Seed and password, and `sequence` steps on from there (RFC 2289 §6.0). Costs a digest a step.
std::string otp_hash(Digest algorithm, std::string_view seed, std::string_view password,
                     unsigned sequence);

}  // namespace auth
