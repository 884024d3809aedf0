// SPDX-License-Identifier: MIT
// Where the machine tells what it does, step by step (sieve-test -t, sieve_trace_*). The sink
// decides the level; at none a run costs nothing more. Lines come in order, in the thread of the
// run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sieve {

// Each level includes those before it.
enum class TraceLevel { none, actions, commands, tests, matching };

class TraceSink {
  public:
    virtual ~TraceSink() = default;
    virtual TraceLevel level() const = 0;
    // `address` is the instruction's; `line` the script's, 0 where no line is meant (start and end
    // of a script); `depth` the indentation, 0 to 2.
    virtual void write(std::uint32_t address, unsigned line, int depth, std::string_view text) = 0;
};

// One line of a trace without its line end, laid out as Pigeonhole's:
// "00000032:    4:   starting `:contains' match with `i;ascii-casemap' comparator:". Addresses only
// where `with_address`.
enum class TraceAddresses { shown, hidden };
std::string trace_line(std::uint32_t address, unsigned line, int depth, std::string_view text,
                       TraceAddresses addresses);

}  // namespace sieve
