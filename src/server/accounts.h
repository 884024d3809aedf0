// SPDX-License-Identifier: MIT
// Names and numbers of the system's users and groups, as settings give them ("vmail", "5000").
#pragma once

#include <string>
#include <sys/types.h>

namespace server {

struct Account {
    std::string name;  // empty where the number has no entry
    uid_t uid = 0;
    gid_t gid = 0;  // primary group
};

// Throw std::runtime_error in Dovecot's words ("User doesn't exist: x", "Group doesn't exist: x").
// A number without an entry has itself as its group.
Account find_account(const std::string& name_or_number);
gid_t find_group(const std::string& name_or_number);

}  // namespace server
