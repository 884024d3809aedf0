// SPDX-License-Identifier: MIT
// Special-use attributes of mailboxes (RFC 6154) in scripts.
#pragma once

#include <string>
#include <string_view>

namespace sieve {

class Run;

// "\" and an atom (RFC 6154 §6).
bool is_special_use(std::string_view text);

// The mailbox to deliver into: the named one where it has the attribute or none has, else the first
// that has it (RFC 8579 §4). The script fails where `use` is no attribute.
std::string mailbox_for(Run& run, std::string_view use, std::string_view named);

}  // namespace sieve
