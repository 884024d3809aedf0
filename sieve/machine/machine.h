// SPDX-License-Identifier: MIT
// Runs a program over a message: a pure function of what it is given. It ends always: no loop is
// without a bound, and the step budget counts inside matchers too. Exceptions come only from the
// message or the host (or from want of memory); a script's own failure is Outcome::error.
#pragma once

#include "sieve/host.h"
#include "sieve/limits.h"
#include "sieve/machine/trace.h"
#include "sieve/message.h"
#include "sieve/outcome.h"
#include "sieve/program/program.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// What editheader may do (RFC 5293 §6). Subject is always allowed.
struct EditRules {
    std::size_t max_header_bytes = limits::default_max_header_bytes;
    std::vector<std::string> forbid_add;
    std::vector<std::string> forbid_delete;
};

// Settings of a run, usually of the whole site.
struct RunSettings {
    unsigned max_actions = limits::default_max_actions;      // 0 = no limit
    unsigned max_redirects = limits::default_max_redirects;  // 0 = redirect is forbidden
    std::uint64_t max_steps = limits::default_max_steps;
    unsigned max_cpu_seconds = limits::default_max_cpu_seconds;  // 0 = no limit
    std::size_t max_variable_bytes = limits::max_variable_bytes;
    std::string recipient_delimiter = "+";  // any one character of it (RFC 5233)
    EditRules edit;
    unsigned max_includes = limits::default_max_includes;  // different scripts
    unsigned max_include_depth = limits::default_max_include_depth;
    std::string default_mailbox = "INBOX";  // where keep stores: fileinto of it is the same store
};

// What a script runs over. All references must outlive the call.
struct Job {
    const Message& message;
    const Envelope& envelope;
    const Host& host;
    const RunSettings& settings;
    std::string_view script_name;  // for Origin and errors
    TraceSink* trace = nullptr;
    // How many tests that were not true come out with what they saw; 0: none is noted.
    std::size_t recorded_tests = limits::default_recorded_tests;
    // How many blocks that ran come out.
    std::size_t recorded_decisions = limits::max_decisions;
    // Whether these tell, too, which of their tests were not true.
    bool untrue_tests_of_decisions = false;
};

// Runs one script of a sequence. `before` is what earlier scripts decided: limits count over both,
// and duplicates of it are merged.
Outcome run(const Program& program, const Job& job, Decided before = {});

}  // namespace sieve
