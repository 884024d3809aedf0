// SPDX-License-Identifier: MIT
// What a configuration would do to every delivery, found out without one: each template is expanded
// for a user that does not exist, each mail location is read, each userdb is built. For
// `tamis config --check`; looks up nobody and writes nothing.
#pragma once

#include "config/document.h"

namespace deliver {

// Adds an error for what defers the mail of tamis-lda or tamis-lmtp, a warning for the same mistake
// where only other programs would meet it.
void check_setup(const config::Document& document, config::Problems& problems);

}  // namespace deliver
