// SPDX-License-Identifier: MIT
// Where a user's delivery records are (deliver/record.h): in the control directory of INBOX, and,
// for what could not be written there (no home, no permission, a full disk), in a file of the
// user's below state_dir. Stateless; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace base {
class Log;
}

namespace deliver {

// "STATE_DIR/deliveries/UID/USER.jsonl": USER with all but letters, digits and "@+-_." (not first)
// as %XX. Empty where there is no state_dir.
std::string spare_record_path(const std::string& state_dir, uid_t uid, std::string_view user);

// Appends the line to the first file that takes it: `path` (may be empty), else the spare one,
// whose directory is made at need (0700) and must belong to this process's user. A warning in the
// log where neither does, and an info line where the spare one did.
void keep_record(const std::string& path, const std::string& spare, std::string_view line,
                 const base::Log& log);

}  // namespace deliver
