// SPDX-License-Identifier: MIT
// A tree without its places: equal texts mean equal scripts.
#pragma once

#include "sieve/syntax/tree.h"

#include <string>

namespace sieve {

std::string shape_of(const ast::Call& call);
std::string shape_of(const ast::Script& script);

}  // namespace sieve
