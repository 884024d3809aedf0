// SPDX-License-Identifier: MIT
// Combinations of settings that do not do what they seem to (compat 13, 12); for check.cpp.
#pragma once

#include "config/document.h"

namespace config {

// Adds warnings about plugin {} values and blocks.
void remark_on_combinations(const Document& document, Problems& problems);

}  // namespace config
