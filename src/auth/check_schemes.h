// SPDX-License-Identifier: MIT
// What `tamis config --check` says of password schemes: unknown ones, and weak ones, in the passdb
// blocks and in the passwd-files that they name.
#pragma once

#include "config/document.h"

namespace auth {

// Adds warnings only: deliveries need no password. Files whose path holds variables, and those that
// cannot be read, are not looked at. Passwords are never part of a text.
void check_schemes(const config::Document& document, config::Problems& problems);

}  // namespace auth
