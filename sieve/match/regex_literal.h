// SPDX-License-Identifier: MIT
// What a value must contain for a regular expression (sieve/match/regex.h) to be found in it.
#pragma once

#include "sieve/match/comparator.h"

#include <string>
#include <string_view>

namespace sieve::match {

// The longest run of octets that every match of the expression has in it, as it stands there; case
// apart for ascii_casemap. Empty where there is none, or where a look at the expression's outermost
// level is not enough to know. Linear.
std::string required_literal(std::string_view pattern, Comparator comparator);

}  // namespace sieve::match
