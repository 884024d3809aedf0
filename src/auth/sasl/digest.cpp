// SPDX-License-Identifier: MIT
#include "auth/sasl/digest.h"

#include "auth/sasl/mechanism.h"
#include "mail/decode.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace auth::sasl {
namespace {

const EVP_MD* method(Hash hash) {
    switch (hash) {
        case Hash::md5:
            return EVP_md5();
        case Hash::sha1:
            return EVP_sha1();
        case Hash::sha256:
            break;
    }
    return EVP_sha256();
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

std::optional<std::uint32_t> base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a' + 26);
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 52);
    if (c == '+') return 62u;
    if (c == '/') return 63u;
    return std::nullopt;
}

}  // namespace

std::size_t digest_bytes(Hash hash) {
    return static_cast<std::size_t>(EVP_MD_get_size(method(hash)));
}

std::string digest(Hash hash, std::string_view text) {
    std::string made(digest_bytes(hash), '\0');
    if (EVP_Digest(text.data(), text.size(), bytes_of(made), nullptr, method(hash), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot make a digest");
    return made;
}

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
    std::string made(digest_bytes(hash), '\0');
    // A key of no bytes must not be a null pointer: that would mean the last key.
    const char* start = key.empty() ? "" : key.data();
    if (!HMAC(method(hash), start, static_cast<int>(key.size()), bytes_of(text), text.size(),
              bytes_of(made), nullptr))
        throw std::runtime_error("OpenSSL cannot make an HMAC");
    return made;
}

std::string pbkdf2(Hash hash, std::string_view password, std::string_view salt,
                   unsigned iterations) {
    std::string made(digest_bytes(hash), '\0');
    if (PKCS5_PBKDF2_HMAC(password.empty() ? "" : password.data(),
                          static_cast<int>(password.size()), bytes_of(salt),
                          static_cast<int>(salt.size()), static_cast<int>(iterations), method(hash),
                          static_cast<int>(made.size()), bytes_of(made)) != 1)
        throw std::runtime_error("OpenSSL cannot derive a key");
    return made;
}

bool equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) {
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

std::string random_nonce(std::size_t bytes) {
    std::string random(bytes, '\0');
    if (RAND_bytes(bytes_of(random), static_cast<int>(bytes)) != 1)
        throw std::runtime_error("no random bytes from OpenSSL");
    return mail::encode_base64(random);
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const auto high = hex_digit(text[at]);
        const auto low = hex_digit(text[at + 1]);
        if (!high || !low) return std::nullopt;
        bytes += static_cast<char>(*high * 16 + *low);
    }
    return bytes;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool last = at + 4 == text.size();
        std::size_t padding = 0;
        if (last && text[at + 3] == '=') padding = text[at + 2] == '=' ? 2 : 1;
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto value = i < 4 - padding ? base64_digit(text[at + i]) : 0u;
            if (!value) return std::nullopt;
            bits = bits << 6 | *value;
        }
        const std::array<char, 3> three = {static_cast<char>(bits >> 16),
                                           static_cast<char>(bits >> 8), static_cast<char>(bits)};
        for (std::size_t i = 3 - padding; i < 3; ++i) {
            if (three[i] != 0) return std::nullopt;
        }
        bytes.append(three.data(), 3 - padding);
    }
    return bytes;
}

}  // namespace auth::sasl
