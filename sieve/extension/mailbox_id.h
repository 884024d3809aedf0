// SPDX-License-Identifier: MIT
// Mailboxes by their MAILBOXID (RFC 8474) in scripts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

class Run;

// The mailbox that has this id and can be stored into, as the script would name it.
std::optional<std::string> mailbox_of_id(Run& run, std::string_view id);

}  // namespace sieve
