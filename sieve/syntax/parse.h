// SPDX-License-Identifier: MIT
// Text to tree (RFC 5228 §8). Goes on after every error: what cannot be read is reported once and
// skipped up to the closer or separator that fits, so one call finds all syntax errors. Linear in
// the size of the source; recursion is bounded by the nesting limits.
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/syntax/tree.h"

#include <memory>
#include <string_view>

namespace sieve {

// Reads a script command by command. The source, of at most 4 GiB, the diagnostics and the arena of
// the tree must outlive it.
class Parser {
  public:
    Parser(std::string_view source, Diagnostics& diagnostics, Arena& arena);
    ~Parser();

    // The next command that stands in no block, which is the caller's; nothing at the end. Where it
    // added errors, the command holds what could be understood.
    ast::Command* next();
    // Whether it will be an elsif or else: a part of what came before.
    bool goes_on() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// All commands at once.
ast::Script parse(std::string_view source, Diagnostics& diagnostics);

}  // namespace sieve
