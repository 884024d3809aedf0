// SPDX-License-Identifier: MIT
// A checked script to the bytes of a program.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/program/bound.h"
#include "sieve/program/format.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// Makes code of one statement after the other. Throws ProgramTooLarge where the format cannot hold
// it.
class Generator {
  public:
    // `shared_from`: see CompileOptions. The map must outlive it.
    Generator(const SourceMap& map, std::size_t shared_from);
    ~Generator();

    // What the script has so far, the new ones behind those of the last call. To be told before the
    // statements that use them.
    void declare(const std::vector<std::string_view>& extensions,
                 const std::vector<std::string>& variables);
    void add(std::span<const bound::Statement> statements);

    // `header` brings the hashes; extents, size and checksum are filled in.
    std::string finish(const format::Header& header);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sieve
