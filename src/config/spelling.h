// SPDX-License-Identifier: MIT
// "did you mean 'x'?": the nearest known name by edit distance, for error messages only.
#pragma once

#include "config/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace config {

// For a name that is not known in `inside` (null: at the top): the nearest one that is, where else
// the name is known, or what kind of setting it seems to be. Empty where nothing can be said.
std::string spelling_hint(std::string_view name, const Section* inside);
// Among the names of plugin {}, numbers apart.
std::string spelling_hint_in_plugin(std::string_view name);
std::string spelling_hint_among(std::string_view name, const std::vector<std::string_view>& known);

// Insertions, deletions, replacements and swaps of neighbours; cut off at names of 64 bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace config
