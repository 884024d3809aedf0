// SPDX-License-Identifier: MIT
// Names of header fields in scripts.
#pragma once

#include "sieve/extension/slot.h"

#include <string_view>

namespace sieve {

class CallCheck;

// RFC 5322 §2.2: printable ASCII without the colon.
bool is_field_name(std::string_view text);
// Warns about each literal of the slot that is none: it matches nothing.
void check_field_names(CallCheck& check, Slot slot);

}  // namespace sieve
