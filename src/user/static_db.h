// SPDX-License-Identifier: MIT
// The static userdb: the same template of fields for every user (compat 1.7). Without
// allow_all_users=yes the user must be known to a passdb. Thread-safe.
#pragma once

#include "user/block.h"

#include <memory>
#include <string>
#include <vector>

namespace user {

// Whether a user exists, as a passdb can tell without a password.
using Exists = std::function<Lookup(const Request&)>;

class StaticDb final : public UserDb {
  public:
    // `verify` is asked before each answer unless the args say allow_all_users=yes.
    StaticDb(std::string_view args, Expand expand, Exists verify);
    Lookup find(const Request& request) override;

  private:
    std::string fields_;
    bool allow_all_ = false;
    Expand expand_;
    Exists verify_;
};

}  // namespace user
