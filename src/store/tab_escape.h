// SPDX-License-Identifier: MIT
// Dovecot's escapes in its line-based files: NUL, \001, tab, CR and LF as \001 and a character.
#pragma once

#include <string>
#include <string_view>

namespace store {

void append_tab_escaped(std::string& out, char c);
std::string tab_escaped(std::string_view text);
// Total: an unknown escape is the character itself.
std::string tab_unescaped(std::string_view text);

}  // namespace store
