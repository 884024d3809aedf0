// SPDX-License-Identifier: MIT
// What one script had to do with a delivery, as the record keeps it: which rules were true and
// which were not and why, what it decided, its errors, or why it was not run; with the text of each
// line that is named, as it stood then. Bounded, whatever the script.
#pragma once

#include "sieve/outcome.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {
struct Compilation;
}

namespace deliver {

class ScriptSource;

struct RecordedError {
    unsigned line = 0;
    std::string text;
};

struct RecordedScript {
    std::string path;
    std::string name;
    std::string role;     // before, personal, default, after, discard, included
    std::string program;  // memory, binary, compiled; empty: it did not run
    std::string result;   // ran, compile error, failed, missing, unreadable, temporary, not run
    std::string why;      // error text; why it was not run
    unsigned line = 0;    // of the error
    std::string source;   // hash of the text that ran or did not compile, hexadecimal
    std::uint64_t steps = 0;
    std::int64_t micros = 0;
    std::vector<sieve::Decision> decisions;
    std::size_t omitted_decisions = 0;
    std::vector<sieve::UntrueRule> untrue;
    std::size_t omitted_tests = 0;  // that were not true either
    std::vector<unsigned> acted;    // lines of the actions that it decided, in order
    unsigned stopped_in = 0;        // line of the stop that ended it
    std::vector<RecordedError> errors;
    std::size_t omitted_errors = 0;
    std::vector<std::string> warnings;
    std::map<unsigned, std::string> lines;  // the text of each line named above
};

constexpr std::size_t max_recorded_errors = 20;
constexpr std::size_t max_recorded_lines = 200;
constexpr std::size_t max_recorded_actions = 64;

// Takes what is told out of the report; `actions` are those of the whole run. `source` may be null.
void record_run(RecordedScript& script, sieve::ScriptReport& report,
                const std::vector<sieve::Action>& actions, const ScriptSource* source);
// The script failed while it ran.
void record_failure(RecordedScript& script, const sieve::RuntimeError& error,
                    const ScriptSource* source);
void record_errors(RecordedScript& script, const sieve::Compilation& compilation,
                   const ScriptSource* source);
// How many tests that were not true the scripts hold.
std::size_t recorded_tests(const std::vector<RecordedScript>& scripts);

}  // namespace deliver
