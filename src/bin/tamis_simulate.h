// SPDX-License-Identifier: MIT
// `tamis sieve simulate`: what a script would have done with the mail that is there.
#pragma once

#include "bin/sieve_tool.h"

#include <optional>
#include <string>

namespace bin {

struct SimulateOptions {
    std::string script;
    std::string mailbox = "INBOX";
    std::string since;   // "30d"; empty: all of it
    bool list = false;   // each message
    bool apply = false;  // afterwards, as sieve-filter -e -W
};

// Prints the summary and the rules with their counts. The exit status; throws ToolFailure.
int simulate(const SieveSetUp& setup, const SimulateOptions& options);

}  // namespace bin
