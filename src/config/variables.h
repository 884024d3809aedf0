// SPDX-License-Identifier: MIT
// %variables (compat 2): %u, %{name}, widths, modifiers, functions such as %{sha256:user} and
// %{if;...}. Pure; time and output are bounded.
#pragma once

#include "base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// One variable: its letter ('\0' where it has none), its long name, its value. Values that cost
// something to find out
// (%h) are given as a function of the table instead.
struct Variable {
    char letter = '\0';
    std::string_view name;
    std::string value;
};

struct Variables {
    std::vector<Variable> values;
    // Asked for "%{kind:name}" forms that are no built-in function (userdb:f, passdb:f, ldap:attr),
    // with "kind:name".
    std::function<std::optional<std::string>(std::string_view)> find;
};

inline constexpr std::size_t max_expansion_bytes = 1 << 20;

// The error reads "Unknown variable '%x'".
base::Result<std::string, std::string> expand(std::string_view text, const Variables& variables);

// For what only labels lines: an unknown variable becomes UNSUPPORTED_VARIABLE_x, as in Dovecot,
// and what cannot be expanded at all stays as it is.
std::string expand_label(std::string_view text, const Variables& variables);

// user, username (before the first @), domain, for %u %n %d; the same as auth_user and so on.
void add_user(Variables& variables, std::string_view user);
// pid, uid, gid, hostname: known everywhere.
void add_process(Variables& variables);

}  // namespace config
