// SPDX-License-Identifier: MIT
// Names of mailboxes in scripts: UTF-8, in the user's own hierarchy (RFC 5228 §4.1).
#pragma once

#include <string_view>

namespace sieve {

// Not empty, valid UTF-8 without control characters, at most limits::max_mailbox_name_bytes.
// Whether the store can have it is the store's matter.
bool is_mailbox_name(std::string_view name);

}  // namespace sieve
