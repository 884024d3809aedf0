// SPDX-License-Identifier: MIT
// The arguments of one command or test: each into its slot, as the word's row says. All that is
// wrong is reported; what could be bound is kept, so that checks of the rest may go on.
#pragma once

#include "sieve/program/bound.h"
#include "sieve/program/unit.h"
#include "sieve/syntax/tree.h"

namespace sieve {

// `bound` is empty before. Not for control words with tests; the caller deals with those.
void bind_call(Unit& unit, const Word& word, const ast::Call& call, bound::Call& bound);

}  // namespace sieve
