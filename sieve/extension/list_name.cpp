// SPDX-License-Identifier: MIT
#include "sieve/extension/list_name.h"

#include "sieve/limits.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

constexpr std::string_view parameter_prefix = "urn:ietf:params:sieve:";

constexpr bool is_alpha(char c) {
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<unsigned> hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
    return std::nullopt;
}

// RFC 3986 §2 without "#", which no absolute URI has (§4.3).
bool is_uri_text(std::string_view text) {
    constexpr std::string_view marks = "-._~:/?[]@!$&'()*+,;=%";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!is_alpha(c) && !is_digit(c) && marks.find(c) == std::string_view::npos) return false;
        if (c == '%' &&
            (i + 2 >= text.size() || !hex_digit(text[i + 1]) || !hex_digit(text[i + 2])))
            return false;
    }
    return true;
}

bool is_scheme(std::string_view text) {
    return !text.empty() && is_alpha(text[0]) && std::ranges::all_of(text, [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
}

// Of text that is_uri_text().
std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        out += static_cast<char>(*hex_digit(text[i + 1]) * 16 + *hex_digit(text[i + 2]));
        i += 2;
    }
    return out;
}

std::optional<std::string> address_book(std::string_view name) {
    // A segment of RFC 3986 §3.3; extensions behind "?" are not defined.
    if (name.empty() || name.find_first_of("/?[]") != std::string_view::npos) return std::nullopt;
    std::string book = decoded(name);
    if (!is_utf8(book) || std::ranges::any_of(book, [](char c) {
            return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
        }))
        return std::nullopt;
    if (iequals(book, "default")) book = "default";
    return std::string(address_book_prefix) + book;
}

}  // namespace

std::optional<std::string> canonical_list_name(std::string_view name) {
    if (name.size() > limits::max_list_name_bytes) return std::nullopt;
    std::string uri;
    if (name.starts_with(':'))
        (uri = parameter_prefix) += name.substr(1);
    else
        uri = name;
    const std::size_t colon = uri.find(':');
    if (colon == std::string::npos || colon + 1 == uri.size()) return std::nullopt;
    if (!is_scheme(std::string_view(uri).substr(0, colon)) || !is_uri_text(uri))
        return std::nullopt;
    const std::string_view start = std::string_view(uri).substr(0, address_book_prefix.size());
    if (iequals(start, address_book_prefix))
        return address_book(std::string_view(uri).substr(start.size()));
    for (std::size_t i = 0; i < colon; ++i)
        uri[i] = ascii_lower(uri[i]);
    return uri;
}

}  // namespace sieve
