// SPDX-License-Identifier: MIT
// A copy of what a script sent, into a mailbox of the user (RFC 8580).
#pragma once

#include "sieve/action.h"

#include <string_view>

namespace deliver {

struct Task;

// Stores `message` (LF line ends) as the copy says. What it cannot is logged and recorded: the
// message has gone out, and the delivery stands.
void file_copy(Task& task, const sieve::FileCopy& copy, std::string_view message,
               const sieve::Origin& origin);

}  // namespace deliver
