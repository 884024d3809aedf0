// SPDX-License-Identifier: MIT
// `tamis sieve lint` and `tamis sieve fmt`: a script's source, looked over and laid out.
#pragma once

#include "bin/sieve_tool.h"

#include <string>
#include <vector>

namespace bin {

// Whether what is known of the user counts: addresses and mailboxes.
enum class LintUser { known, unknown };

// Remarks on standard error. 0: none; 1: some; 65: a script has errors.
int lint_scripts(const SieveSetUp& setup, const std::vector<std::string>& paths, LintUser user);

enum class FormatOutput { standard_output, in_place, check };

// 0: done, or with `check` nothing to do; 1: with `check`, a script is laid out otherwise; 65: a
// script has errors.
int format_scripts(const std::vector<std::string>& paths, FormatOutput output);

}  // namespace bin
