// SPDX-License-Identifier: MIT
// The only way to a Program: through the verifier.
#pragma once

#include "sieve/extension_set.h"
#include "sieve/program/program.h"

#include <optional>
#include <string>

namespace sieve {

class ProgramMaker {
  public:
    // Nothing, and why, where the bytes do not pass.
    static std::optional<Program> make(std::string bytes, const ExtensionSet& usable,
                                       std::string& why);
};

}  // namespace sieve
