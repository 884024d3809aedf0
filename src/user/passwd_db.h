// SPDX-License-Identifier: MIT
// The passwd userdb: accounts of the system by NSS (getpwnam_r). Thread-safe.
#pragma once

#include "user/block.h"

namespace user {

class PasswdDb final : public UserDb {
  public:
    Lookup find(const Request& request) override;
};

}  // namespace user
