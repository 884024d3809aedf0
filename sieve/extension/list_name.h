// SPDX-License-Identifier: MIT
// Names of external lists (RFC 6134 §2.5): absolute URIs (RFC 3986 §4.3), or ":" and a Sieve URN
// parameter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

// The prefix of names of address books (RFC 6134 §2.6).
inline constexpr std::string_view address_book_prefix = "urn:ietf:params:sieve:addrbook:";

// The one spelling of a name, for comparison: the scheme in lower case; of an address book the
// prefix above and its name decoded, "default" in lower case. Nothing where it is no name, or
// has what no list knows (the query of an address book).
std::optional<std::string> canonical_list_name(std::string_view name);

}  // namespace sieve
