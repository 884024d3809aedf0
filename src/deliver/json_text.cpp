// SPDX-License-Identifier: MIT
#include "deliver/json_text.h"

#include "sieve/text.h"

#include <array>
#include <charconv>

namespace deliver {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

constexpr std::array<bool, 256> plain_octets = [] {
    std::array<bool, 256> plain{};
    for (std::size_t octet = 0x20; octet < 0x80; ++octet)
        plain[octet] = octet != '"' && octet != '\\';
    return plain;
}();

bool is_plain(char c) {
    return plain_octets[static_cast<unsigned char>(c)];
}

// Octets of the UTF-8 sequence that begins there; 0 where none does.
std::size_t sequence_length(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    return length != 0 && length <= text.size() && sieve::is_utf8(text.substr(0, length)) ? length
                                                                                          : 0;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
        case '"':
        case '\\':
            out += '\\';
            out += c;
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[c & 0xf];
    }
}

}  // namespace

void JsonText::separate() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != '{' && last != '[' && last != ':') text_ += ',';
}

void JsonText::begin(char bracket) {
    separate();
    text_ += bracket;
}

void JsonText::end(char bracket) {
    text_ += bracket;
}

// Names are ours: there is nothing in them to escape.
void JsonText::key(std::string_view name) {
    separate();
    text_ += '"';
    text_ += name;
    text_ += "\":";
}

void JsonText::string(std::string_view value) {
    separate();
    text_ += '"';
    while (!value.empty()) {
        std::size_t plain = 0;
        while (plain < value.size() && is_plain(value[plain]))
            ++plain;
        text_ += value.substr(0, plain);
        value.remove_prefix(plain);
        if (value.empty()) break;
        std::size_t length = 1;
        if (static_cast<unsigned char>(value.front()) < 0x80) {
            append_escape(text_, value.front());
        } else if ((length = sequence_length(value)) != 0) {
            text_ += value.substr(0, length);
        } else {
            text_ += replacement;
            length = 1;
        }
        value.remove_prefix(length);
    }
    text_ += '"';
}

void JsonText::integer(std::int64_t value) {
    separate();
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text_.append(digits.data(), end);
}

void JsonText::truth(bool value) {
    separate();
    text_ += value ? "true" : "false";
}

}  // namespace deliver
