// SPDX-License-Identifier: MIT
// The chain of userdbs that a configuration names. The drivers of src/user know no configuration;
// this does.
#pragma once

#include "user/chain.h"

#include <memory>

namespace config {
struct Settings;
}

namespace user {

// Throws std::invalid_argument for blocks that cannot work (user/chain.h).
std::unique_ptr<Chain> make_chain(const config::Settings& settings);

}  // namespace user
