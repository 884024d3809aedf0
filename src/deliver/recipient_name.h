// SPDX-License-Identifier: MIT
// From an address or a user's name as it came to the name that a userdb is asked for
// (compat 1.5 auth_username_*, 4.3). Pure.
#pragma once

#include "base/result.h"
#include "deliver/disposition.h"

#include <string>
#include <string_view>

namespace deliver {

struct NameRules {
    std::string default_realm;        // auth_default_realm: for names without "@"
    std::string allowed_characters;   // auth_username_chars; empty: all
    std::string translation;          // auth_username_translation: pairs of from and to
    std::string format;               // auth_username_format; empty: unchanged
    std::string recipient_delimiter;  // each character is one
    std::string service;              // %s
};

struct SplitName {
    std::string name;
    std::string detail;
};
// Cuts at the first character that is a delimiter; one at the very front cuts nothing.
SplitName split_detail(std::string_view local_part, std::string_view delimiters);

// The normalised name. Refused: a character that is not allowed (550 5.1.1, as an unknown user),
// and a name of which a part that may become a component of a path is empty, ".", "..", or holds
// "/" or NUL (550 5.1.3): the name, what stands before its "@", and its domain.
base::Result<std::string, Disposition> normalise_name(std::string_view name,
                                                      const NameRules& rules);

}  // namespace deliver
