// SPDX-License-Identifier: MIT
// A whole binary as text, for sieve-dump and sievec -d, in sections with Pigeonhole's headings
// (sieve-compat 4.3): header, script metadata, required extensions, variables, main program.
#pragma once

#include "sieve/program/program.h"

#include <string>
#include <string_view>

namespace sieve {

// `location` says where the script lies; empty where nobody knows.
std::string dump(const Program& program, std::string_view location);
// The blocks of the file in hexadecimal, the header first (sieve-dump -h).
std::string hex_dump(const Program& program);

}  // namespace sieve
