// SPDX-License-Identifier: MIT
// A checked script to the bytes of a program. Throws ProgramTooLarge where the format cannot hold
// it.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/program/bound.h"
#include "sieve/program/format.h"

#include <cstddef>
#include <string>

namespace sieve {

// `header` brings the hashes; extents, size and checksum are filled in. `shared_from`: see
// CompileOptions. The script is used up on the way.
std::string generate(bound::Script&& script, const SourceMap& map, format::Header header,
                     std::size_t shared_from);

}  // namespace sieve
