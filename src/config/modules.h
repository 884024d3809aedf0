// SPDX-License-Identifier: MIT
// Which settings a part of Dovecot reads, as doveconf -m shows them.
#pragma once

#include <string_view>

namespace config {

// Whether `name`, a setting at the top, belongs to the module. Modules that nobody knows have what
// every service reads, as in the peer.
bool module_reads_setting(std::string_view module, std::string_view name);
bool module_reads_section(std::string_view module, std::string_view type);

}  // namespace config
