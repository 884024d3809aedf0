// SPDX-License-Identifier: MIT
// Scripts in scripts (RFC 6609): what is included, and the variables that all of them share.
#include "sieve/limits.h"
#include "sieve/machine/run.h"
#include "sieve/text.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sieve {

// Variables that the script declared global, or names so (RFC 6609 §3.4).
void Run::share_globals() {
    for (std::uint32_t slot = 0; slot < image_.count(format::Section::variables); ++slot) {
        const std::string_view name = variable_name(slot);
        if (!name.starts_with(format::global_prefix)) continue;
        const auto global = execution_.globals.try_emplace(std::string(name)).first;
        if (execution_.globals.size() > limits::max_variables)
            fail("the scripts use more than " + std::to_string(limits::max_variables) +
                 " global variables");
        variables_.share(slot, global->second);
    }
}

void Run::include(ScriptPlace place, std::string_view name, bool once, bool optional) {
    Execution::ScriptName key{place, name};
    std::vector<Execution::ScriptName>& including = execution_.including;
    if (once && execution_.included.contains(key)) return;
    const std::string what = std::string("included ") +
                             (place == ScriptPlace::personal ? "personal" : "global") +
                             " script '" + printable(name) + "'";
    // RFC 6609 §3.1: an error of the run.
    if (std::ranges::find(including, key) != including.end()) fail(what + " includes itself");
    if (including.size() + 1 > std::min(settings().max_include_depth, limits::max_include_depth))
        fail(what + " is nested too deep (" + std::to_string(including.size() + 1) + " > " +
             std::to_string(settings().max_include_depth) + ")");
    const IncludedScript script = host().include(place, name);
    if (script.program == nullptr) {
        if (script.missing && optional) return;
        fail(what + (script.missing ? " does not exist" : ": " + script.why));
    }
    execution_.included.insert(key);
    if (execution_.included.size() > settings().max_includes)
        fail("number of included scripts exceeds policy limit (" +
             std::to_string(execution_.included.size()) + " > " +
             std::to_string(settings().max_includes) + ")");
    including.push_back(std::move(key));
    run_included(script);
    including.pop_back();
}

void Run::run_included(const IncludedScript& script) {
    see_edits();
    const std::size_t left = untrue_.left();
    execution_.tests_to_record = left;
    Run run(*script.program, execution_, script.name);
    const auto report = [&] {
        if (execution_.reports.size() < limits::max_reported_includes)
            execution_.reports.push_back({run.take_report(), script.name});
        untrue_.spend(left - run.untrue_.left());
    };
    bool ended = false;
    try {
        ended = run.execute();
    } catch (const ScriptError&) {
        report();
        throw;
    }
    report();
    // RFC 6609 §3.2: a stop stops them all.
    if (!ended) leave();
}

}  // namespace sieve
