// SPDX-License-Identifier: MIT
// Modifiers of set (RFC 5229 §4.1), those of other extensions too. The numbers stand in binaries.
#pragma once

#include <cstdint>

namespace sieve {

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

}  // namespace sieve
