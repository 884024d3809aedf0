// SPDX-License-Identifier: MIT
// The table of settings as text: `tamis config --help-settings`, and the manual page tamis.conf(5).
#pragma once

#include <string>

namespace bin {

// A line or two for each setting, by area: name, type, default, effect, help.
std::string settings_text();

// tamis.conf(5) in mdoc, made of its introduction (tamis_config_manual.cpp) and the table.
std::string settings_manual();

}  // namespace bin
