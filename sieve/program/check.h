// SPDX-License-Identifier: MIT
// Holds commands against the extension table and binds them, one after the other, so that a long
// script never lies in memory as a whole. Reports everything that is wrong, each once; what it
// makes is complete only if nothing was added to the diagnostics. Blocks behind a condition that is
// constantly false are neither checked nor kept (as in Pigeonhole).
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/extension_set.h"
#include "sieve/program/bound.h"
#include "sieve/syntax/tree.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Check {
  public:
    // All must outlive it; what it makes lies in the arena.
    Check(const AllowedExtensions& extensions, Diagnostics& diagnostics, Arena& arena);
    ~Check();

    // The script's next command outside of all blocks. What it comes to stands behind the
    // `statements`; an elsif or else goes on with the last of them.
    void add(ast::Command& command, Sequence<bound::Statement>& statements);

    // Of all commands so far; new ones come behind. Extensions: the active ones.
    const std::vector<std::string_view>& extensions() const;
    const std::vector<std::string>& variables() const;  // by slot
    const std::vector<bound::Include>& includes() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sieve
