// SPDX-License-Identifier: MIT
#include "auth/secret/scram_secret.h"

#include "auth/secret/encoded_text.h"
#include "auth/secret/secret_bytes.h"
#include "base/text.h"

namespace auth {

std::string_view scram_name(Digest algorithm) {
    return algorithm == Digest::sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";
}

base::Result<ScramSecret, std::string> read_scram(std::string_view text, Digest algorithm,
                                                  ScramIterations allowed) {
    auto invalid = [algorithm](std::string_view what) {
        return base::Unexpected{"Invalid " + std::string(scram_name(algorithm)) + " " +
                                std::string(what)};
    };
    auto fields = base::split(text, ',');
    if (fields.size() != 4) return invalid("passdb entry format");
    auto iterations = base::parse_number<unsigned>(fields[0]);
    if (!iterations || *iterations < allowed.least || *iterations > allowed.most)
        return invalid("iteration count in passdb");
    auto salt = read_base64(fields[1], Base64::stored);
    if (!salt) return invalid("salt in passdb");
    auto stored_key = read_base64(fields[2], Base64::stored);
    if (!stored_key || stored_key->size() != digest_bytes(algorithm))
        return invalid("StoredKey in passdb");
    auto server_key = read_base64(fields[3], Base64::stored);
    if (!server_key || server_key->size() != digest_bytes(algorithm))
        return invalid("ServerKey in passdb");
    return ScramSecret{*iterations, *salt, *stored_key, *server_key};
}

std::string write_scram(const ScramSecret& secret) {
    return std::to_string(secret.iterations) + "," + write_base64(secret.salt) + "," +
           write_base64(secret.stored_key) + "," + write_base64(secret.server_key);
}

ScramSecret make_scram(std::string_view password, std::string_view salt, unsigned iterations,
                       Digest algorithm) {
    std::string salted = derive_key(algorithm, password, salt, iterations);
    std::string client_key = hmac(algorithm, salted, "Client Key");
    ScramSecret secret{iterations, std::string(salt), digest(algorithm, {client_key}),
                       hmac(algorithm, salted, "Server Key")};
    wipe(salted);
    wipe(client_key);
    return secret;
}

bool is_scram_proof(const ScramSecret& secret, std::string_view auth_message,
                    std::string_view proof, Digest algorithm) {
    if (proof.size() != digest_bytes(algorithm)) return false;
    // ClientProof is ClientKey XOR ClientSignature.
    std::string client_key = hmac(algorithm, secret.stored_key, auth_message);
    for (std::size_t at = 0; at < client_key.size(); ++at)
        client_key[at] = static_cast<char>(client_key[at] ^ proof[at]);
    const bool right = same_secret(digest(algorithm, {client_key}), secret.stored_key);
    wipe(client_key);
    return right;
}

std::string scram_signature(const ScramSecret& secret, std::string_view auth_message,
                            Digest algorithm) {
    return hmac(algorithm, secret.server_key, auth_message);
}

}  // namespace auth
