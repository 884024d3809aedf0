// SPDX-License-Identifier: MIT
// What the scripts of one run share: the top one and those that it includes (RFC 6609). Each has a
// Run of its own. Lives as long as the run; not shared between threads.
#pragma once

#include "sieve/edit.h"
#include "sieve/machine/deciding.h"
#include "sieve/machine/machine.h"
#include "sieve/machine/tracer.h"
#include "sieve/match/work.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sieve {

// A script's own failure; run() turns it into Outcome::error.
struct ScriptError {
    std::string text;
    unsigned line = 0;     // 0: where the script stands that fails
    std::string script{};  // of an included script
};

// Octets of work in one step of the budget.
inline constexpr std::uint64_t octets_per_step = 64;

struct Execution {
    Execution(const Job& the_job, Decided the_before);

    const Job& job;
    const Decided before;
    Tracer tracer;
    Deciding deciding;

    // The message as it stands (RFC 5293), and how often it has changed.
    std::shared_ptr<const Message> edited;  // owns what `message` points to, after an edit
    const Message* message;
    unsigned version = 0;
    std::vector<Edit> edits;  // that the message has not seen yet
    std::size_t added_bytes = 0;

    // The budget.
    const std::uint64_t most_work;  // octets
    match::Work work;
    std::uint64_t next_check = 0;
    std::int64_t cpu_limit_ns = 0;
    std::size_t made_bytes = 0;

    // RFC 6609.
    using ScriptName = std::pair<ScriptPlace, std::string>;
    std::vector<ScriptName> including;  // scripts that run now, the top one left out
    std::set<ScriptName> included;      // that have run or run now
    std::map<std::string, std::string> globals;
    std::size_t tests_to_record = 0;      // that were not true, of the script that begins now
    std::vector<IncludedReport> reports;  // of included scripts, as they ended
};

}  // namespace sieve
