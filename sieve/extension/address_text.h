// SPDX-License-Identifier: MIT
// Mail addresses as scripts write them: local@domain, without display name or comment.
#pragma once

#include "sieve/message.h"

#include <optional>
#include <string_view>

namespace sieve {

// The address's parts, the local part unquoted; nothing where it is none. Octets above ASCII pass
// (RFC 6531).
std::optional<Address> read_address(std::string_view text);
// The same for a mailbox of RFC 5322 §3.4: "Name <local@domain>", white space around the address,
// its dots and its @ is left out. No comments.
std::optional<Address> read_mailbox(std::string_view text);
// Whether it is a mailbox-list of that section: one or more, with commas between them.
bool is_mailbox_list(std::string_view text);

}  // namespace sieve
