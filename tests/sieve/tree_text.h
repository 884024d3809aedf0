// SPDX-License-Identifier: MIT
// A tree as indented text, for the .ast goldens.
#pragma once

#include "sieve/syntax/tree.h"

#include <string>

namespace sieve_test {

std::string to_text(const sieve::ast::Script& script);

}  // namespace sieve_test
