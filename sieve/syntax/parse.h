// SPDX-License-Identifier: MIT
// Text to tree (RFC 5228 §8). Goes on after every error: what cannot be read is reported once and
// skipped up to the closer or separator that fits, so one call finds all syntax errors. Linear in
// the size of the source; recursion is bounded by the nesting limits.
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/syntax/tree.h"

#include <string_view>

namespace sieve {

// Sources are at most 4 GiB. Where errors were added, the tree holds what could be understood.
ast::Script parse(std::string_view source, Diagnostics& diagnostics);

}  // namespace sieve
