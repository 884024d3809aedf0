// SPDX-License-Identifier: MIT
// The chain of userdbs that a configuration names. The drivers of src/user know no configuration;
// this does.
#pragma once

#include "user/chain.h"

#include <memory>
#include <string>
#include <string_view>

namespace config {
struct Settings;
}

namespace user {

// A template of a userdb block with the variables of the look-up (compat 2.2, column auth). Throws
// std::invalid_argument for an unknown variable.
std::string expand_for(std::string_view text, const Request& request);

// Throws std::invalid_argument for blocks that cannot work (user/chain.h).
std::unique_ptr<Chain> make_chain(const config::Settings& settings);

}  // namespace user
