// SPDX-License-Identifier: MIT
// A mail user as a userdb answers it, and the seam behind which the userdb drivers stand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <variant>

namespace user {

struct User {
    std::string name;  // as the userdb returned it (normalised): jdoe@example.com
    std::string home;  // absolute, or empty
    std::optional<uid_t> uid;
    std::optional<gid_t> gid;
    std::string mail;  // mail_location override, or empty
    // Every other field: setting overrides and what lands in plugin {} (compat 1.3, 1.7).
    std::map<std::string, std::string> fields;
};

// The look-up could not be made: temporary. `text` is for the log only.
struct LookupFailure {
    std::string text;
};
struct NoSuchUser {};

using Lookup = std::variant<User, NoSuchUser, LookupFailure>;

// What a look-up may depend on (%variables of auth, compat 2.2).
struct Request {
    std::string name;     // normalised: auth_username_format applied
    std::string service;  // "lda", "lmtp"
    std::string remote_ip;
    std::string local_ip;
    std::string session;
};

// One userdb block. Drivers are synchronous and may block: they run on worker threads. Thread-safe.
class UserDb {
  public:
    virtual ~UserDb() = default;
    virtual Lookup find(const Request& request) = 0;
};

}  // namespace user
