// SPDX-License-Identifier: MIT
// The command line of sieve-test (sieve-compat 4.2).
#pragma once

#include "bin/sieve_tool.h"
#include "deliver/file_trace.h"

#include <optional>
#include <string>
#include <vector>

namespace bin {

struct SieveTestOptions : SieveOptions {
    std::optional<std::string> sender;              // -f; "" and "<>" are the null sender
    std::optional<std::string> recipient;           // -r
    std::optional<std::string> original_recipient;  // -a
    std::optional<std::string> mail_location;       // -l
    std::string default_mailbox = "INBOX";          // -m
    std::vector<std::string> first_scripts;         // -s
    std::string dump_file;                          // -d
    std::string trace_file;                         // -t
    std::vector<std::string> trace_words;           // -T
    bool compile = false;                           // -C
    bool execute = false;                           // -e
    bool explain = false;                           // --explain
    bool json = false;                              // --json
    std::string script;
    std::string mail_file;

    deliver::TraceOptions trace;  // from -T
};

void add_sieve_test_options(CLI::App& app, SieveTestOptions& options);

}  // namespace bin
