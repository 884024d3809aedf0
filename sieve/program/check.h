// SPDX-License-Identifier: MIT
// Holds a tree against the extension table and binds it. Reports everything that is wrong, each
// once; what it returns is complete only if nothing was added to the diagnostics. Blocks behind a
// condition that is constantly false are neither checked nor kept (as in Pigeonhole).
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/extension_set.h"
#include "sieve/program/bound.h"
#include "sieve/syntax/tree.h"

namespace sieve {

bound::Script check(ast::Script&& script, const AllowedExtensions& extensions,
                    Diagnostics& diagnostics);

}  // namespace sieve
