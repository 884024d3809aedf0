// SPDX-License-Identifier: MIT
// IMAP flags in scripts (RFC 5232): what keep and fileinto store with, and lists of flags as text.
#pragma once

#include "sieve/action.h"
#include "sieve/machine/arguments.h"
#include "sieve/machine/run.h"

#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// The flag in canonical form: "\\Seen", "$Work"; empty where it is none (not one of the five system
// flags, or no IMAP atom).
std::string canonical_flag(std::string_view text);
// Splits each string at spaces, drops what is no flag with a warning, and what is there already
// (compared without case). At most limits::max_flags.
std::vector<std::string> flags_in(Run& run, const StringList& list);
// What an action stores with: its :flags, else the internal variable where imap4flags is used.
Flags flags_of(Run& run, const Arguments& arguments);

}  // namespace sieve
