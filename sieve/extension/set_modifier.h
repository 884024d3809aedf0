// SPDX-License-Identifier: MIT
// Modifiers of set (RFC 5229 §4.1), those of other extensions too. The numbers stand in binaries.
#pragma once

#include <cstdint>
#include <string>

namespace sieve {

class Arguments;

enum class Modifier : std::uint32_t {
    lower,
    upper,
    lower_first,
    upper_first,
    quote_wildcard,
    length,
    quote_regex,
    encode_url,
    count
};
inline constexpr auto modifiers = static_cast<std::uint32_t>(Modifier::count);

constexpr std::uint32_t number(Modifier modifier) {
    return static_cast<std::uint32_t>(modifier);
}

// Applies the modifiers of a call in the order of their precedence, the largest first (RFC 5229
// §4.1).
void modify(const Arguments& arguments, std::string& text);

}  // namespace sieve
