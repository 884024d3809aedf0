// SPDX-License-Identifier: MIT
#include "user/passwd_db.h"

#include "base/error.h"

#include <cerrno>
#include <pwd.h>
#include <string>

namespace user {

Lookup PasswdDb::find(const Request& request) {
    constexpr std::size_t largest_buffer = 1024 * 1024;
    for (std::string buffer(16 * 1024, '\0'); buffer.size() <= largest_buffer;
         buffer.resize(buffer.size() * 2)) {
        struct passwd entry {};
        struct passwd* found = nullptr;
        int error =
            ::getpwnam_r(request.name.c_str(), &entry, buffer.data(), buffer.size(), &found);
        if (error == ERANGE) continue;
        // glibc: "not found" may come as one of these (getpwnam(3)).
        if (!found && (error == 0 || error == ENOENT || error == ESRCH)) return NoSuchUser{};
        if (!found)
            return LookupFailure{"getpwnam(" + request.name +
                                 ") failed: " + base::error_text(error)};
        User user{.name = found->pw_name,
                  .home = found->pw_dir,
                  .uid = found->pw_uid,
                  .gid = found->pw_gid};
        user.fields["system_groups_user"] = found->pw_name;
        return user;
    }
    return LookupFailure{"getpwnam(" + request.name + ") failed: " + base::error_text(ERANGE)};
}

}  // namespace user
