// SPDX-License-Identifier: MIT
// "did you mean 'x'?": the nearest known name by edit distance, for error messages only.
#pragma once

#include "config/table.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// Among all top-level settings and sections. Empty where nothing is near.
std::string spelling_hint(std::string_view name);
std::string spelling_hint(std::string_view name, std::span<const Setting> among);
// Among the names of plugin {}, numbers apart.
std::string spelling_hint_in_plugin(std::string_view name);
std::string spelling_hint_among(std::string_view name, const std::vector<std::string_view>& known);

// Insertions, deletions, replacements and swaps of neighbours; cut off at names of 64 bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace config
