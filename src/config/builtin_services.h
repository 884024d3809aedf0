// SPDX-License-Identifier: MIT
// The services that exist without being written (compat 9.7), in the configuration language itself.
// `tamis config` shows them, and a block of the same name in a configuration changes them.
#pragma once

#include <string_view>

namespace config {

std::string_view builtin_services();

}  // namespace config
