// SPDX-License-Identifier: MIT
// Preparation of user names and passwords by SASLprep (RFC 4013 with stringprep, RFC 3454, as
// RFC 4616, 5802 and 2831 cite it; GNU libidn does it). PRECIS (RFC 8265) has no library in Debian;
// it differs in code points that were assigned after Unicode 3.2.
//
// Names are always prepared: so é typed as one character or as e with a combining accent is the
// same user. What SASLprep forbids (control characters, private use, mixed directions) is no name.
// Passwords that are compared with a stored form of unknown make (PLAIN, LOGIN) stay as sent, as in
// Dovecot; where keys are derived from a known password (SCRAM) it is prepared, and a password that
// SASLprep forbids is taken as it is, as PostgreSQL does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

// A user name or authorization identity, prepared. Nothing where it is empty, not UTF-8, too long,
// or forbidden. Unassigned code points stay: a presented name is a query (RFC 3454 §7).
std::optional<std::string> prepare_name(std::string_view name);

// A password, prepared; itself where it cannot be.
std::string prepare_password(std::string_view password);

// UTF-8 text in ISO 8859-1 where all its characters are in there; else nothing (RFC 2831 §2.1.2.1).
std::optional<std::string> to_latin1(std::string_view text);
// ISO 8859-1 as UTF-8.
std::string from_latin1(std::string_view text);

}  // namespace auth::sasl
