// SPDX-License-Identifier: MIT
#include "sieve/machine/machine.h"

#include "sieve/machine/run.h"

#include <cstdio>

namespace sieve {

Outcome run(const Program& program, const Job& job, Decided before) {
    Execution execution(job, std::move(before));
    Run top(program, execution, job.script_name);
    Outcome outcome;
    try {
        top.execute();
        Deciding& deciding = execution.deciding;
        outcome.decided = {std::move(deciding.actions()), std::move(deciding.internal_flags()),
                           execution.edited, deciding.unenclosed()};
        outcome.implicit_keep = deciding.implicit_keep();
        outcome.explicit_keep = deciding.explicit_keep();
        outcome.keep_cancelled_in = deciding.keep_cancelled_in();
    } catch (ScriptError& error) {
        outcome.error = RuntimeError{error.line, std::move(error.text), {}};
        if (error.script != job.script_name) outcome.error->script = std::move(error.script);
        outcome.decided = execution.before;
    }
    static_cast<ScriptReport&>(outcome) = top.take_report();
    outcome.included = std::move(execution.reports);
    outcome.steps = execution.work.octets() / octets_per_step;
    return outcome;
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
