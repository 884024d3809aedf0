// SPDX-License-Identifier: MIT
// A mailbox that exists, opened for delivery: where it is and what new files in it look like. Plain
// data; each delivery opens its own.
#pragma once

#include "store/mailbox_name.h"
#include "store/permissions.h"

namespace store {

struct Mailbox {
    MailboxPath path;
    Permissions permissions;
};

}  // namespace store
