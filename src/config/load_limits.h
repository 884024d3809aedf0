// SPDX-License-Identifier: MIT
// Whether auth and anvil may take as many connections as the other services can open at once
// (compat 8.6).
#pragma once

#include "config/document.h"

namespace config {

// Adds a warning, in the peer's words, for each of the two whose client_limit is too low.
void check_load_limits(const Document& document, Problems& problems);

}  // namespace config
