// SPDX-License-Identifier: MIT
// Outcomes as text, for goldens and short comparisons: an action a line, then the implicit keep.
#pragma once

#include "sieve/outcome.h"

#include <string>

namespace sieve_test {

std::string to_text(const sieve::Action& action);
// "fileinto A; keep" and the like: actions, "implicit keep", an error.
std::string brief(const sieve::Outcome& outcome);
// With lines, warnings and what decided.
std::string full(const sieve::Outcome& outcome);

}  // namespace sieve_test
