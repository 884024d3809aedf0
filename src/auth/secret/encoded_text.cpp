// SPDX-License-Identifier: MIT
#include "auth/secret/encoded_text.h"

#include "mail/decode.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace auth {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::uint32_t> base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a' + 26);
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 52);
    if (c == '+') return 62u;
    if (c == '/') return 63u;
    return std::nullopt;
}

std::string without_white_space(std::string_view text) {
    std::string dense;
    dense.reserve(text.size());
    for (char c : text) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') dense += c;
    }
    return dense;
}

// The bytes of a quantum of four characters, of which the last `padding` stand for nothing.
bool append_quantum(std::string& out, std::string_view quantum, std::size_t padding, Base64 form) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        auto value = i < 4 - padding ? base64_digit(quantum[i]) : 0u;
        if (!value) return false;
        bits = bits << 6 | *value;
    }
    const char bytes[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8),
                          static_cast<char>(bits)};
    if (form == Base64::exact && std::any_of(std::end(bytes) - padding, std::end(bytes),
                                             [](char pad_bits) { return pad_bits != 0; }))
        return false;
    out.append(bytes, 3 - padding);
    return true;
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

std::optional<std::string> read_base64(std::string_view text, Base64 form) {
    std::string dense;
    if (form == Base64::stored) {
        dense = without_white_space(text);
        text = dense;
    }
    if (text.size() % 4) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (; !text.empty(); text.remove_prefix(4)) {
        std::size_t padding = 0;
        if (text.size() == 4 && text[3] == '=') padding = text[2] == '=' ? 2 : 1;
        if (!append_quantum(out, text.substr(0, 4), padding, form)) return std::nullopt;
    }
    return out;
}

std::string write_base64(std::string_view bytes) {
    return mail::encode_base64(bytes);
}

}  // namespace auth
