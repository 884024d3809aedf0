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

}  // namespace sieve
