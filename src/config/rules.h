// SPDX-License-Identifier: MIT
// What must hold between settings (compat 1.1: the checks after parsing; 9.3 for namespaces).
#pragma once

#include "config/document.h"

namespace config {

// Adds an error for each rule that the configuration breaks. A value that cannot be read is not
// looked at again here: the parser has complained.
void check_rules(const Document& document, Problems& problems);
// The rules of namespaces alone: the peer looks at them only when a user's mail is opened.
void check_namespaces(const Document& document, Problems& problems);

// Whether `protocols` may name it: a service belongs to it.
bool is_known_protocol(const Document& document, std::string_view name);

}  // namespace config
