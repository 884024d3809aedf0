// SPDX-License-Identifier: MIT
// The comparators: those that every implementation has (RFC 5228 §2.7.3, RFC 4790 §9), i;octet,
// i;ascii-casemap and i;ascii-numeric, and i;unicode-casemap (RFC 5051). Pure functions over octet
// strings; only i;unicode-casemap allocates.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sieve::match {

enum class Comparator { octet, ascii_casemap, ascii_numeric, unicode_casemap };

// The comparator of that collation name (case matters, RFC 4790 §3.1), or nothing.
std::optional<Comparator> comparator_named(std::string_view name);
std::string_view name_of(Comparator comparator);

// i;ascii-casemap maps a-z to A-Z (RFC 4790 §9.2.1), which decides the order of '_' and letters.
constexpr char fold(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
}
// Replaces `out` by the folded text; its capacity is reused.
void fold_into(std::string_view text, std::string& out);

bool equal(Comparator comparator, std::string_view a, std::string_view b);
// The order of a and b. For ascii_numeric, text that does not begin with a digit is positive
// infinity, equal to every other such text; numbers may have any length (RFC 4790 §9.1.1).
std::strong_ordering order(Comparator comparator, std::string_view a, std::string_view b);

}  // namespace sieve::match
