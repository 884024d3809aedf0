// SPDX-License-Identifier: MIT
// What a server keeps of a password for SCRAM (RFC 5802 §3), and what follows from it.
#pragma once

#include "auth/sasl/digest.h"

#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

struct ScramKeys {
    unsigned iterations = 0;
    std::string salt;
    std::string stored_key;  // H(ClientKey)
    std::string server_key;
};

// "iterations,salt,StoredKey,ServerKey", the last three in base64 (Dovecot's SCRAM schemes).
// Nothing where it is not that, or for another hash.
std::optional<ScramKeys> parse_scram_keys(Hash hash, std::string_view text);

// The keys of a known password, prepared by SASLprep. It takes as long as PBKDF2 does.
ScramKeys derive_scram_keys(Hash hash, std::string_view password, std::string_view salt,
                            unsigned iterations);

// Whether the client's proof shows that it knows the password, for this exchange (AuthMessage).
bool is_scram_proof(Hash hash, const ScramKeys& keys, std::string_view auth_message,
                    std::string_view proof);

// ServerSignature.
std::string scram_signature(Hash hash, const ScramKeys& keys, std::string_view auth_message);

}  // namespace auth::sasl
