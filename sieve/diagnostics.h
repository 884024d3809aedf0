// SPDX-License-Identifier: MIT
// Collects the diagnostics of one compilation: each once, no more than limits::max_diagnostics.
#pragma once

#include "sieve/diagnostic.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sieve {

class Diagnostics {
  public:
    void error(Range where, std::string text);
    void warning(Range where, std::string text);

    bool has_errors() const { return errors_ != 0; }
    std::size_t errors() const { return errors_; }

    struct Collected {
        std::vector<Diagnostic> diagnostics;  // by position
        std::size_t omitted = 0;
    };
    // Works out lines and columns; leaves nothing behind.
    Collected take(const SourceMap& map);

  private:
    void add(Severity severity, Range where, std::string text);

    std::vector<Diagnostic> kept_;
    std::size_t errors_ = 0;
    std::size_t omitted_ = 0;
};

}  // namespace sieve
