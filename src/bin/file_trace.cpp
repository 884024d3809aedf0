// SPDX-License-Identifier: MIT
#include "bin/file_trace.h"

#include "bin/sieve_tool.h"
#include "sieve/machine/machine.h"

#include <array>
#include <sysexits.h>
#include <utility>

namespace bin {

TraceOptions read_trace_words(const std::vector<std::string>& words) {
    using sieve::TraceLevel;
    constexpr std::array<std::pair<std::string_view, TraceLevel>, 5> levels{
        {{"level=none", TraceLevel::none},
         {"level=actions", TraceLevel::actions},
         {"level=commands", TraceLevel::commands},
         {"level=tests", TraceLevel::tests},
         {"level=matching", TraceLevel::matching}}};
    TraceOptions options;
    for (const std::string& word : words) {
        bool known = word == "debug" || word == "addresses";
        if (word == "addresses") options.addresses = true;
        if (word == "debug") options.debug = true;
        for (const auto& [name, level] : levels) {
            if (word != name) continue;
            options.level = level;
            known = true;
        }
        if (!known)
            throw ToolFailure{EX_USAGE,
                              "-T " + word +
                                  ": unknown trace option (known are level=none, level=actions, "
                                  "level=commands, level=tests, level=matching, debug, addresses)"};
    }
    return options;
}

FileTrace::FileTrace(const std::string& path, TraceOptions options) : options_(options) {
    if (path == "-") return;
    file_.reset(std::fopen(path.c_str(), "we"));
    if (!file_) throw ToolFailure{EX_CANTCREAT, path + ": can't be written"};
}

void FileTrace::write(std::uint32_t address, unsigned line, int depth, std::string_view text) {
    const std::string whole = sieve::trace_line(
        address, line, depth, text,
        options_.addresses ? sieve::TraceAddresses::shown : sieve::TraceAddresses::hidden);
    std::fprintf(file_ ? file_.get() : stdout, "%s\n", whole.c_str());
}

void FileTrace::debug(const sieve::Outcome& outcome) {
    if (!options_.debug) return;
    line("steps: " + std::to_string(outcome.steps));
    if (outcome.keep_cancelled_in != 0)
        line("implicit keep cancelled in line " + std::to_string(outcome.keep_cancelled_in));
    if (outcome.stopped_in != 0) line("stopped in line " + std::to_string(outcome.stopped_in));
    for (const std::string& flag : outcome.decided.internal_flags.names)
        line("flag at the end: " + flag);
}

void FileTrace::line(const std::string& text) {
    std::fprintf(file_ ? file_.get() : stdout, "      ## debug: %s\n", text.c_str());
}

}  // namespace bin
