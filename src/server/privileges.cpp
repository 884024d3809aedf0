// SPDX-License-Identifier: MIT
#include "server/privileges.h"

#include "base/error.h"
#include "base/text.h"
#include "config/settings.h"

#include <cerrno>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace server {
namespace {

Account account_of(const std::string& user, const std::string& group) {
    Account account = find_account(user);
    if (!group.empty()) account.gid = find_group(group);
    return account;
}

// userdb { driver = static, args = uid=vmail gid=vmail ... }
std::optional<Account> static_account(const config::Settings& settings) {
    for (const config::Database& database : settings.userdbs) {
        if (database.driver != "static") continue;
        std::string user;
        std::string group;
        for (const std::string& fields :
             {database.args, database.default_fields, database.override_fields}) {
            for (std::string_view word : base::words(fields)) {
                if (word.starts_with("uid=")) user = word.substr(4);
                if (word.starts_with("gid=")) group = word.substr(4);
            }
        }
        if (!user.empty() && (user + group).find('%') == std::string::npos)
            return account_of(user, group);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Account> service_account(const config::Settings& settings, std::string_view service) {
    const config::Service* block = settings.service(service);
    if (block && !block->user.empty() && block->user != "root")
        return account_of(block->user, block->group);
    if (!settings.mail_uid.empty()) return account_of(settings.mail_uid, settings.mail_gid);
    return static_account(settings);
}

void become(const Account& account) {
    int groups = account.name.empty() ? ::setgroups(1, &account.gid)
                                      : ::initgroups(account.name.c_str(), account.gid);
    if (groups != 0) base::throw_errno("initgroups", account.name);
    if (::setresgid(account.gid, account.gid, account.gid) != 0)
        base::throw_errno("setgid", std::to_string(account.gid));
    if (::setresuid(account.uid, account.uid, account.uid) != 0)
        base::throw_errno("setuid", std::to_string(account.uid));
    if (account.uid != 0 && ::setuid(0) == 0) base::throw_error(EPERM, "setuid: still root");
    ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace server
