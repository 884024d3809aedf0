// SPDX-License-Identifier: MIT
// `tamis sieve member`: what the lists of a user hold that lie in the memory (RFC 6134,
// sieve_extlist); those in files are changed with an editor.
#pragma once

#include "bin/sieve_tool.h"

#include <string>
#include <vector>

namespace bin {

struct MemberOptions {
    enum class Action { add, remove, test };
    Action action = Action::test;
    std::string list;
    std::vector<std::string> members;
    std::string period;  // how long an added one is remembered; empty: always
};

// The exit status: 0, or 1 where a tested one is none. Throws ToolFailure.
int sieve_members(const SieveSetUp& setup, const MemberOptions& options);

}  // namespace bin
