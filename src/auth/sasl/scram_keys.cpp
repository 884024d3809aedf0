// SPDX-License-Identifier: MIT
#include "auth/sasl/scram_keys.h"

#include "auth/sasl/limits.h"
#include "auth/sasl/prepare.h"
#include "base/text.h"

namespace auth::sasl {

std::optional<ScramKeys> parse_scram_keys(Hash hash, std::string_view text) {
    const auto parts = base::split(text, ',');
    if (parts.size() != 4) return std::nullopt;
    const auto iterations = base::parse_number<unsigned>(parts[0]);
    auto salt = from_base64(parts[1]);
    auto stored_key = from_base64(parts[2]);
    auto server_key = from_base64(parts[3]);
    if (!iterations || *iterations == 0 || *iterations > limits::max_stored_iterations || !salt ||
        salt->empty() || salt->size() > limits::max_salt_bytes || !stored_key ||
        stored_key->size() != digest_bytes(hash) || !server_key ||
        server_key->size() != digest_bytes(hash))
        return std::nullopt;
    return ScramKeys{*iterations, *std::move(salt), *std::move(stored_key), *std::move(server_key)};
}

ScramKeys derive_scram_keys(Hash hash, std::string_view password, std::string_view salt,
                            unsigned iterations) {
    std::string prepared = prepare_password(password);
    std::string salted = pbkdf2(hash, prepared, salt, iterations);
    std::string client_key = hmac(hash, salted, "Client Key");
    ScramKeys keys{iterations, std::string(salt), digest(hash, client_key),
                   hmac(hash, salted, "Server Key")};
    wipe(prepared);
    wipe(salted);
    wipe(client_key);
    return keys;
}

bool is_scram_proof(Hash hash, const ScramKeys& keys, std::string_view auth_message,
                    std::string_view proof) {
    if (proof.size() != digest_bytes(hash)) return false;
    // ClientProof is ClientKey XOR ClientSignature.
    std::string client_key = hmac(hash, keys.stored_key, auth_message);
    for (std::size_t at = 0; at < client_key.size(); ++at)
        client_key[at] = static_cast<char>(client_key[at] ^ proof[at]);
    const bool right = equal(digest(hash, client_key), keys.stored_key);
    wipe(client_key);
    return right;
}

std::string scram_signature(Hash hash, const ScramKeys& keys, std::string_view auth_message) {
    return hmac(hash, keys.server_key, auth_message);
}

}  // namespace auth::sasl
