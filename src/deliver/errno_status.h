// SPDX-License-Identifier: MIT
// What a failed system call means for the sender: errno -> enhanced status and reply text, in one
// table. Always temporary: whether a mailbox's trouble is permanent is not for errno to say. Pure.
#pragma once

#include "deliver/disposition.h"

namespace deliver {

Disposition errno_disposition(int error);

}  // namespace deliver
