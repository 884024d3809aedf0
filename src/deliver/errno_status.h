// SPDX-License-Identifier: MIT
// What a failed system call means for the sender: errno -> enhanced status and reply text, in one
// table. Always temporary: whether a mailbox's trouble is permanent is not for errno to say. Pure.
#pragma once

#include "deliver/disposition.h"

#include <system_error>

namespace deliver {

// The error's text becomes the cause.
Disposition errno_disposition(const std::system_error& error);

}  // namespace deliver
