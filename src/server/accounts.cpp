// SPDX-License-Identifier: MIT
#include "server/accounts.h"

#include "base/text.h"

#include <grp.h>
#include <pwd.h>
#include <stdexcept>

namespace server {

Account find_account(const std::string& name_or_number) {
    auto number = base::parse_number<uid_t>(name_or_number);
    // Called before any thread is there: the static buffers do no harm.
    const struct passwd* entry = number ? ::getpwuid(*number) : ::getpwnam(name_or_number.c_str());
    if (entry) return {entry->pw_name, entry->pw_uid, entry->pw_gid};
    if (!number) throw std::runtime_error("User doesn't exist: " + name_or_number);
    return {{}, *number, *number};
}

gid_t find_group(const std::string& name_or_number) {
    if (auto number = base::parse_number<gid_t>(name_or_number)) return *number;
    const struct group* entry = ::getgrnam(name_or_number.c_str());
    if (!entry) throw std::runtime_error("Group doesn't exist: " + name_or_number);
    return entry->gr_gid;
}

}  // namespace server
