// SPDX-License-Identifier: MIT
// ASCII text functions of the language: words, tags and names compare without case (RFC 5228 §2.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sieve {

constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
constexpr bool iequals(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
    return true;
}
std::string lower(std::string_view text);
std::string upper(std::string_view text);

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);
// The largest prefix of at most `max_bytes` that cuts no UTF-8 sequence.
std::string_view cut_utf8(std::string_view text, std::size_t max_bytes);
// Appends the code point in UTF-8; it must be valid.
void append_utf8(std::string& out, char32_t code_point);
// Code points; octets that belong to none count one each.
std::size_t count_utf8(std::string_view text);
// Control characters and octets that are no UTF-8 become '?', what is longer than `max_bytes` ends
// in "...": for messages.
std::string printable(std::string_view text, std::size_t max_bytes = 80);

}  // namespace sieve
