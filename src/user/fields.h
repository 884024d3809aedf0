// SPDX-License-Identifier: MIT
// userdb fields ("uid=5000 home=/home/vmail/%d/%n") put into a User (compat 1.7, extra fields of
// userdb).
#pragma once

#include "user/block.h"

#include <optional>
#include <string>
#include <string_view>

namespace user {

// Sets one field. uid and gid may be names; `home` may hold "/./" (the part before it is the
// chroot); an empty value of uid, gid or home counts as not given. The result is an error text for
// the log, empty when all is well.
std::string set_field(User& user, std::string_view key, std::string_view value);

// Sets each "key=value" or "key" (= "yes") of a space-separated list whose values are expanded for
// the request. What is set already stays unless `override_set`. Returns an error text, or empty.
enum class Overwrite { no, yes };
std::string set_fields(User& user, std::string_view list, const Request& request,
                       const Expand& expand, Overwrite overwrite);

// A user or group id by number or name (NSS).
std::optional<uid_t> parse_uid(std::string_view text);
std::optional<gid_t> parse_gid(std::string_view text);

}  // namespace user
