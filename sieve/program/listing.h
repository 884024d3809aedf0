// SPDX-License-Identifier: MIT
// A program as text, for sieve-dump and the golden tests: header, extensions, variables, then a
// line an instruction with its address, source line and operands spelt out.
#pragma once

#include "sieve/program/program.h"

#include <string>

namespace sieve {

std::string listing(const Program& program);
// The sections of the file in hexadecimal, under their names (sieve-dump -h).
std::string hex_listing(const Program& program);

}  // namespace sieve
