// SPDX-License-Identifier: MIT
// The result of one script's run, as values. Nothing has happened yet: whoever called carries the
// actions out, or hands `decided` to the next script of the sequence.
#pragma once

#include "sieve/action.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sieve {

// What a sequence of scripts has decided so far; it goes from one run to the next.
struct Decided {
    std::vector<Action> actions;  // in script order, duplicates merged
    // imap4flags' internal variable (RFC 5232 §2); the implicit keep stores with them.
    Flags internal_flags;
    // The message as the scripts have edited it (RFC 5293); absent: as it came.
    std::shared_ptr<const Message> message;
    // What redirects take where the message is enclosed in a new one (RFC 5703 §6).
    struct Unenclosed {
        std::shared_ptr<const Message> message;
    };
    std::optional<Unenclosed> unenclosed{};
};

// A script failed while it ran. None of its own actions stands.
struct RuntimeError {
    unsigned line = 0;
    std::string text;      // without a full stop at its end
    std::string script{};  // where an included script failed: its name
};

// A warning, or a line that debug_log wrote.
struct RuntimeWarning {
    unsigned line = 0;
    std::string text;
};

// One test that was true on the way to a decision, with what it saw.
struct MatchRecord {
    unsigned line = 0;
    std::string test;   // "header", "address", ...
    std::string field;  // header name, envelope part, ...; empty where there is none
    std::string value;  // what matched, cut at limits::max_recorded_value_bytes
    std::string key;
};

// What a test looked at: a value of a field (or of what else it names), or that there is none.
struct SeenValue {
    std::string field;
    std::string value;  // cut at limits::max_test_value_bytes
    bool there = true;
};

// A test on the way to a block that did not run, or one that was not true on the way to one that
// did.
struct TestRecord {
    unsigned line = 0;
    std::string test;
    bool truth = false;           // true under a not, or beside a test that was not
    std::vector<SeenValue> seen;  // at most limits::max_test_values
    std::vector<std::string> keys;
    std::size_t omitted_seen = 0;
    std::size_t omitted_keys = 0;
};

// An if or elsif whose condition held, or an else that was reached: its block ran.
struct Decision {
    unsigned line = 0;  // of the if, elsif or else
    std::vector<MatchRecord> matches;
    std::vector<TestRecord> untrue;  // with Job::untrue_tests_of_decisions
};

// An if or elsif whose condition did not hold.
struct UntrueRule {
    unsigned line = 0;
    std::vector<TestRecord> tests;
};

// What one script of a run did on its way, for logs and the record.
struct ScriptReport {
    std::vector<RuntimeWarning> warnings;
    std::vector<RuntimeWarning> debug;
    std::vector<Decision> decisions;    // also those of a run that failed
    std::size_t omitted_decisions = 0;  // beyond Job::recorded_decisions
    std::vector<UntrueRule> untrue;     // the first ones: Job::recorded_tests tests in all
    std::size_t omitted_tests = 0;      // that were not true either
    unsigned stopped_in = 0;            // line of the stop that ended the run before its end
};

// Of a script that another one included (RFC 6609), once for each time.
struct IncludedReport : ScriptReport {
    std::string script;  // as Host::include names it
};

struct Outcome : ScriptReport {
    Decided decided;             // with an error: as it was before the run
    bool implicit_keep = true;   // still in force (RFC 5228 §2.10.2); true after an error
    bool explicit_keep = false;  // the script said keep; Keep then stands among the actions
    std::optional<RuntimeError> error;
    unsigned keep_cancelled_in = 0;        // line of the first action that cancelled the implicit
                                           // keep, in the script of that action
    std::vector<IncludedReport> included;  // as they ended; at most limits::max_reported_includes
    std::uint64_t steps = 0;
};

}  // namespace sieve
