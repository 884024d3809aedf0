// SPDX-License-Identifier: MIT
// Becoming the mail user: once, for good, after the sockets are bound and before any mail is read.
#pragma once

#include "server/accounts.h"

#include <optional>

namespace config {
struct Settings;
}

namespace server {

// As whom `service` is to run when it is started as root: its user and group settings, else
// mail_uid and mail_gid, else what a static userdb gives to everybody. Nothing where none of them
// says so. Throws std::runtime_error for a name that does not exist.
std::optional<Account> service_account(const config::Settings& settings, std::string_view service);

// Sets supplementary groups, group and user, and makes sure that there is no way back. Throws
// std::system_error. Precondition: root.
void become(const Account& account);

}  // namespace server
