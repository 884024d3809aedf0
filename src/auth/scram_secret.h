// SPDX-License-Identifier: MIT
// What a server keeps of a password for SCRAM (RFC 5802 §3), and its stored form
// "iterations,salt,StoredKey,ServerKey" with the last three in base64. Pure functions.
#pragma once

#include "auth/digest.h"
#include "base/result.h"

#include <string>
#include <string_view>

namespace auth {

struct ScramSecret {
    unsigned iterations = 0;
    std::string salt;
    std::string stored_key;  // as long as the digest
    std::string server_key;
};

// RFC 5802 §5.1 wants at least so many.
inline constexpr unsigned scram_least_iterations = 4096;

// `name` ("SCRAM-SHA-1") is for the error's text.
base::Result<ScramSecret, std::string> read_scram(std::string_view text, Digest algorithm,
                                                  std::string_view name);
std::string write_scram(const ScramSecret& secret);

// RFC 5802 §3. The password is taken as it comes, without SASLprep, as Dovecot does: what either
// stored must keep fitting.
ScramSecret make_scram(std::string_view password, std::string_view salt, unsigned iterations,
                       Digest algorithm);

}  // namespace auth
