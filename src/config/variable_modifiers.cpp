// SPDX-License-Identifier: MIT
#include "base/text.h"
#include "config/variable_text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nettle/md5.h>

namespace config {
namespace {

std::string hexadecimal(std::uint64_t number, unsigned digits) {
    char text[40];
    int size = std::snprintf(text, sizeof text, "%0*lx", static_cast<int>(std::min(digits, 32u)),
                             static_cast<unsigned long>(number));
    return {text, static_cast<std::size_t>(size)};
}

void md5(std::string_view value, std::uint8_t (&digest)[MD5_DIGEST_SIZE]) {
    struct md5_ctx context;
    ::md5_init(&context);
    ::md5_update(&context, value.size(), reinterpret_cast<const std::uint8_t*>(value.data()));
    ::md5_digest(&context, MD5_DIGEST_SIZE, digest);
}

}  // namespace

bool is_modifier(char c) {
    return std::string_view("LUEXRTHNMD").find(c) != std::string_view::npos;
}

std::string modified(std::string_view value, char modifier) {
    std::string out;
    switch (modifier) {
        case 'L':
            return base::to_lower(value);
        case 'U':
            return base::to_upper(value);
        case 'R':
            return {value.rbegin(), value.rend()};
        case 'E':
            for (char c : value) {
                if (c == '"' || c == '\\' || c == '\'') out += '\\';
                out += c;
            }
            return out;
        case 'X':
            return hexadecimal(base::parse_number<std::uint64_t>(value).value_or(0), 0);
        case 'T': {
            std::size_t end = value.find_last_not_of(" \t\r\n");
            return std::string(value.substr(0, end == std::string_view::npos ? 0 : end + 1));
        }
        case 'M': {
            std::uint8_t digest[MD5_DIGEST_SIZE];
            md5(value, digest);
            for (std::uint8_t byte : digest)
                out += hexadecimal(byte, 2);
            return out;
        }
        case 'D':
            for (char c : value) {
                if (c == '.') {
                    out += ",dc=";
                } else {
                    out += c;
                }
            }
            return out;
    }
    return std::string(value);
}

// The hash of P. J. Weinberger.
std::string hash_text(std::string_view value, unsigned modulo, unsigned digits) {
    std::uint32_t hash = 0;
    for (char c : value) {
        hash = (hash << 4) + static_cast<unsigned char>(c);
        if (std::uint32_t high = hash & 0xf0000000u) {
            hash ^= high >> 24;
            hash ^= high;
        }
    }
    return hexadecimal(modulo ? hash % modulo : hash, digits);
}

std::string new_hash_text(std::string_view value, unsigned modulo, unsigned digits) {
    std::uint8_t digest[MD5_DIGEST_SIZE];
    md5(value, digest);
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < sizeof hash; ++i)
        hash = hash << 8 | digest[i];
    // Without a modulo only 32 bits are shown, as the peer does.
    return hexadecimal(modulo ? hash % modulo : hash & 0xffffffffu, digits);
}

}  // namespace config
