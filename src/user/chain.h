// SPDX-License-Identifier: MIT
// The userdb blocks of a configuration, asked in file order (compat 1.7): each answer is followed
// by its result rule, a block's default and override fields are applied, a failed look-up is
// remembered and answered only where no block knew the user. Thread-safe after construction.
#pragma once

#include "user/block.h"

#include <memory>
#include <string>
#include <vector>

namespace user {

class Chain final : public UserDb {
  public:
    // Without userdb blocks nobody exists. Throws std::invalid_argument for blocks that cannot
    // work: an unknown driver
    // ("Unknown userdb driver 'X'"), missing args.
    Chain(const Blocks& blocks, Expand expand);
    ~Chain() override;
    Lookup find(const Request& request) override;

    // Whether a look-up may wait for a directory server or NSS: then it belongs on a worker thread.
    bool may_block() const { return may_block_; }

  private:
    struct Link;
    std::vector<Link> links_;
    Expand expand_;
    bool may_block_ = false;
    bool can_answer_ = false;
};

}  // namespace user
