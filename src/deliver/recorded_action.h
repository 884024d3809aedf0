// SPDX-License-Identifier: MIT
// An action as the record keeps it.
#pragma once

#include "sieve/action.h"

#include <string>
#include <vector>

namespace deliver {

struct RecordedAction {
    std::string what;  // keep, fileinto, save, redirect, discard, reject, vacation, notify, report,
                       // fcc, pipe, remember
    std::string target;  // folder, address, program
    std::string script;  // display name; empty: nobody's (implicit keep, no scripts)
    unsigned line = 0;
    std::string result;  // done, failed, skipped
    std::string file;    // where it was stored
    std::string flags;
    std::string detail;  // why not; what the other side said
};

RecordedAction recorded_action(std::string what, std::string target, const sieve::Origin& origin,
                               std::string result = {}, std::string detail = {});

// What a script has decided and nobody has done yet; `default_mailbox` is where keep stores.
RecordedAction decided_action(const sieve::Action& action, const std::string& default_mailbox);

// For an action that sends or refuses something and is left out; others are told elsewhere.
void record_skipped(std::vector<RecordedAction>& actions, const sieve::Action& action,
                    const std::string& why);

}  // namespace deliver
