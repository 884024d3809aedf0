// SPDX-License-Identifier: MIT
// Tells a trace sink where the run stands. All of it vanishes behind one comparison where nobody
// traces; callers ask at(level) before they put a text together.
#pragma once

#include "sieve/machine/trace.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sieve {

class Tracer {
  public:
    explicit Tracer(TraceSink* sink)
        : sink_(sink), level_(sink == nullptr ? TraceLevel::none : sink->level()) {}

    bool at(TraceLevel level) const { return level_ >= level && level_ != TraceLevel::none; }
    void place(std::uint32_t address, unsigned line) {
        address_ = address;
        line_ = line;
    }
    void write(int depth, std::string_view text) { sink_->write(address_, line_, depth, text); }
    void banner(std::string_view text) { sink_->write(address_, 0, 0, text); }

  private:
    TraceSink* sink_;
    TraceLevel level_;
    std::uint32_t address_ = 0;
    unsigned line_ = 0;
};

}  // namespace sieve
