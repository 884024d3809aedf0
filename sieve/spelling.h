// SPDX-License-Identifier: MIT
// "did you mean 'x'": the nearest known name by edit distance, for error messages only.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sieve {

// Without ASCII case; empty where none is near enough to be a misspelling.
std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace sieve
