// SPDX-License-Identifier: MIT
// What a server keeps of a password for SCRAM (RFC 5802 §3), its stored form
// "iterations,salt,StoredKey,ServerKey" with the last three in base64 (Dovecot's SCRAM schemes),
// and what follows from it in an exchange. Pure functions. The digest is Digest::sha1 or
// Digest::sha256.
#pragma once

#include "auth/secret/digest.h"
#include "base/result.h"

#include <limits>
#include <string>
#include <string_view>

namespace auth {

struct ScramSecret {
    unsigned iterations = 0;
    std::string salt;
    std::string stored_key;  // H(ClientKey), as long as the digest
    std::string server_key;  // likewise
};

// RFC 5802 §5.1 wants at least so many.
inline constexpr unsigned scram_least_iterations = 4096;

// How many a stored secret may have; the default is Dovecot's.
struct ScramIterations {
    unsigned least = scram_least_iterations;
    unsigned most = std::numeric_limits<int>::max();
};

// "SCRAM-SHA-1", "SCRAM-SHA-256".
std::string_view scram_name(Digest algorithm);

// The salt may be empty. The error is Dovecot's: "Invalid SCRAM-SHA-1 salt in passdb".
base::Result<ScramSecret, std::string> read_scram(std::string_view text, Digest algorithm,
                                                  ScramIterations allowed = {});
std::string write_scram(const ScramSecret& secret);

// The password is taken as it comes: SASLprep is the caller's. It takes as long as PBKDF2 does.
ScramSecret make_scram(std::string_view password, std::string_view salt, unsigned iterations,
                       Digest algorithm);

// Whether the client's proof shows that it knows the password, for this exchange (AuthMessage).
bool is_scram_proof(const ScramSecret& secret, std::string_view auth_message,
                    std::string_view proof, Digest algorithm);

// ServerSignature.
std::string scram_signature(const ScramSecret& secret, std::string_view auth_message,
                            Digest algorithm);

}  // namespace auth
