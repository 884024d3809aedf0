// SPDX-License-Identifier: MIT
#include "auth/stored_text.h"

#include "mail/decode.h"

#include <algorithm>

namespace auth {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool in_base64_alphabet(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

}  // namespace

std::optional<std::string> read_hex(std::string_view text) {
    if (text.size() % 2) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

std::string write_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char c : bytes) {
        auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::optional<std::string> read_base64(std::string_view text) {
    std::string dense;
    dense.reserve(text.size());
    for (char c : text) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') dense += c;
    }
    if (dense.size() % 4) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < dense.size() && dense[dense.size() - 1 - padding] == '=')
        ++padding;
    if (!std::all_of(dense.begin(), dense.end() - static_cast<std::ptrdiff_t>(padding),
                     in_base64_alphabet))
        return std::nullopt;
    return mail::decode_base64(dense);
}

std::string write_base64(std::string_view bytes) {
    return mail::encode_base64(bytes);
}

}  // namespace auth
