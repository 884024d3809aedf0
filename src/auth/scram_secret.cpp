// SPDX-License-Identifier: MIT
#include "auth/scram_secret.h"

#include "auth/secret_bytes.h"
#include "auth/stored_text.h"
#include "base/text.h"

#include <limits>

namespace auth {
namespace {

constexpr unsigned most_iterations = std::numeric_limits<int>::max();

}  // namespace

base::Result<ScramSecret, std::string> read_scram(std::string_view text, Digest algorithm,
                                                  std::string_view name) {
    auto invalid = [name](std::string_view what) {
        return base::Unexpected{"Invalid " + std::string(name) + " " + std::string(what)};
    };
    auto fields = base::split(text, ',');
    if (fields.size() != 4) return invalid("passdb entry format");
    auto iterations = base::parse_number<unsigned>(fields[0]);
    if (!iterations || *iterations < scram_least_iterations || *iterations > most_iterations)
        return invalid("iteration count in passdb");
    auto salt = read_base64(fields[1]);
    if (!salt) return invalid("salt in passdb");
    auto stored_key = read_base64(fields[2]);
    if (!stored_key || stored_key->size() != digest_bytes(algorithm))
        return invalid("StoredKey in passdb");
    auto server_key = read_base64(fields[3]);
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

}  // namespace auth
