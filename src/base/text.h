// SPDX-License-Identifier: MIT
// Small text functions on bytes: ASCII case, trimming, splitting, numbers. No locale ever takes
// part.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);

// Without spaces, tabs, CR and LF at both ends.
std::string_view trim(std::string_view text);

// The pieces between separators, empty ones included: ",a" gives "" and "a"; "" gives one empty
// piece.
std::vector<std::string_view> split(std::string_view text, char separator);
// The words between runs of spaces and tabs; never an empty one.
std::vector<std::string_view> words(std::string_view text);

// The pieces are views: of a temporary string they would dangle, so that does not compile.
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> words(Temporary&& text) = delete;

// The whole of `text` as a decimal (or `radix`) number; nothing on any other character or on
// overflow.
template <std::integral T>
std::optional<T> parse_number(std::string_view text, int radix = 10) {
    T value{};
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

// For logs and replies: control characters become '?', and what is longer than `max_bytes` ends in
// "...".
std::string printable(std::string_view text, std::size_t max_bytes = 1000);

}  // namespace base
