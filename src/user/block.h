// SPDX-License-Identifier: MIT
// A userdb or passdb block of the configuration as the chain of drivers reads it (compat 1.7), and
// the seam through which drivers expand %variables. Plain data.
#pragma once

#include "user/user.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace user {

struct Block {
    std::string driver;
    std::string args;
    std::string default_fields;
    std::string override_fields;
    std::string skip = "never";
    std::string result_success = "return-ok";
    std::string result_failure = "continue";
    std::string result_internalfail = "continue";
    // Of passdb blocks; both say nothing of who has mail here.
    bool deny = false;
    bool master = false;
};

// Expands %variables of a template for a look-up. Throws std::invalid_argument for an unknown
// variable.
using Expand = std::function<std::string(std::string_view text, const Request& request)>;

struct Blocks {
    std::vector<Block> userdbs;
    std::vector<Block> passdbs;  // asked by a static userdb whether the user exists
};

}  // namespace user
