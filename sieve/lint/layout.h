// SPDX-License-Identifier: MIT
// A script laid out anew: the same words, strings and comments with other white space. Linear but
// for the depth of nesting, which is bounded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

// A command a line, four spaces a block, long lists broken at 100 columns. Nothing where the source
// has syntax errors.
std::optional<std::string> lay_out(std::string_view source);

}  // namespace sieve
