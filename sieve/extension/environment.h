// SPDX-License-Identifier: MIT
// Variables of the namespace "env." (vnd.dovecot.environment): environment items by name.
#pragma once

#include <string>
#include <string_view>

namespace sieve {

class Run;

// The item that ${env.NAME} stands for; '_' in the name is '-' in the item's. Empty where it is not
// known.
std::string environment_variable(Run& run, std::string_view name);

}  // namespace sieve
