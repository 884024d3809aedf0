// SPDX-License-Identifier: MIT
// A program's code as text, for the golden tests and for dumps (program/dump.h): a line an
// instruction with its address, source line and operands spelt out.
#pragma once

#include "sieve/program/program.h"

#include <string>

namespace sieve {

// With the extensions and variables before it.
std::string listing(const Program& program);
std::string code_listing(const Program& program);

}  // namespace sieve
