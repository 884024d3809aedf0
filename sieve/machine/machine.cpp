// SPDX-License-Identifier: MIT
#include "sieve/machine/machine.h"

#include "sieve/machine/run.h"

#include <cstdio>

namespace sieve {

Outcome run(const Program& program, const Job& job, Decided before) {
    return Run(program, job, std::move(before)).finish();
}

std::string trace_line(std::uint32_t address, unsigned line, int depth, std::string_view text,
                       TraceAddresses addresses) {
    std::string out;
    char number[32];
    if (addresses == TraceAddresses::shown) {
        std::snprintf(number, sizeof number, "%08x: ", address);
        out += number;
    }
    if (line != 0) {
        std::snprintf(number, sizeof number, "%4u: ", line);
        out += number;
    } else {
        out += "      ";
    }
    out.append(static_cast<std::size_t>(depth) * 2, ' ');
    return out.append(text);
}

}  // namespace sieve
