// SPDX-License-Identifier: MIT
// What a script decided, as sieve-test shows it: the layout is Pigeonhole's (sieve-compat 4.2).
// Pure.
#pragma once

#include "deliver/vacation.h"
#include "sieve/action.h"
#include "sieve/outcome.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bin {

struct ActionsTextRules {
    // Where a keep stores; nothing in a sequence, where it is only a mark for the next script.
    std::optional<std::string> keep_mailbox;
    deliver::VacationRules vacation;  // what holds where the script says nothing
};

// "Performed actions:", the actions from number `first` on, and "Implicit keep:".
std::string actions_text(const sieve::Outcome& outcome, std::size_t first,
                         const ActionsTextRules& rules);

}  // namespace bin
