// SPDX-License-Identifier: MIT
// The uid and gid as which a user's mail is stored, checked against first_valid_uid and its kin
// (compat 1.5, 10). Pure but for names of users and groups looked up in the system.
#pragma once

#include "base/result.h"
#include "user/user.h"

#include <string>
#include <sys/types.h>

namespace config {
struct Settings;
}

namespace deliver {

struct Identity {
    uid_t uid = 0;
    gid_t gid = 0;
};

// From the userdb, else mail_uid and mail_gid; a process that is not root may do without both and
// then stores as itself. The error is Dovecot's text, for the log: a set-up's mistake, answered as
// temporary.
base::Result<Identity, std::string> identify(const user::User& user,
                                             const config::Settings& settings, Identity process);
// The effective ids of this process.
Identity process_identity();

}  // namespace deliver
