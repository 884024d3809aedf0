// SPDX-License-Identifier: MIT
// What a user's settings say about compiling and running scripts (sieve-compat 2.1, 2.2): for
// deliveries and for the command-line tools. Bad values are logged and the defaults used.
#pragma once

#include "deliver/script_store.h"
#include "deliver/sieve_message.h"
#include "sieve/extension_set.h"
#include "sieve/machine/machine.h"

#include <string>
#include <string_view>

namespace deliver {

struct UserSettings;

LoadRules load_rules(const UserSettings& settings, sieve::Rights rights);
sieve::RunSettings run_settings(const UserSettings& settings, std::string default_mailbox);
// The items of RFC 5183 that do not depend on a connection; location and phase are those of a run
// outside of a delivery.
EnvironmentItems environment_items(const UserSettings& settings, std::string_view user,
                                   std::string_view default_mailbox);

}  // namespace deliver
