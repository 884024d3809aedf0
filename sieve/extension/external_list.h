// SPDX-License-Identifier: MIT
// What scripts do with external lists (RFC 6134): whether a value is in one, and its members. A
// list that cannot be asked is an error of the run (§2.2, §2.3).
#pragma once

#include "sieve/extension/slot.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class CallCheck;
class Run;

// Reports constant names in the slot that can be no list's.
void check_list_names(CallCheck& check, Slot slot);

// The member of the list that the value is, as the list has it.
std::optional<std::string> find_in_list(Run& run, std::string_view list, std::string_view value);

std::vector<std::string> members_of_list(Run& run, std::string_view list);

}  // namespace sieve
