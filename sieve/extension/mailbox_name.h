// SPDX-License-Identifier: MIT
// Names of mailboxes in scripts: UTF-8, in the user's own hierarchy (RFC 5228 §4.1).
#pragma once

#include <string_view>

namespace sieve {

// Valid UTF-8 of at most limits::max_mailbox_name_bytes. Whether the store can have a mailbox of
// that name is the store's matter.
bool is_mailbox_name(std::string_view name);

}  // namespace sieve
