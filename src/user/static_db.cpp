// SPDX-License-Identifier: MIT
#include "user/static_db.h"

#include "base/text.h"
#include "user/fields.h"

#include <stdexcept>

namespace user {

StaticDb::StaticDb(std::string_view args, Expand expand, Exists verify)
    : expand_(std::move(expand)), verify_(std::move(verify)) {
    for (std::string_view word : base::words(args)) {
        if (word == "allow_all_users=yes") {
            allow_all_ = true;
        } else {
            fields_.append(word).append(" ");
        }
    }
}

Lookup StaticDb::find(const Request& request) {
    if (!allow_all_) {
        Lookup known = verify_(request);
        if (!std::holds_alternative<User>(known)) return known;
    }
    User user{.name = request.name};
    try {
        std::string error = set_fields(user, fields_, request, expand_, Overwrite::yes);
        if (!error.empty()) return LookupFailure{"static: " + error};
    } catch (const std::invalid_argument& unknown_variable) {
        return LookupFailure{std::string("static: ") + unknown_variable.what()};
    }
    return user;
}

}  // namespace user
