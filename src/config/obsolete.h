// SPDX-License-Identifier: MIT
// Settings of older versions that still work, with the warning that says what replaced them
// (compat 1.6).
#pragma once

#include "config/document.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct Replacement {
    std::string warning;
    // Where the value goes, '/'-separated ("ssl_min_protocol", "service/imap-login/process_limit");
    // none: nowhere.
    std::vector<std::string> paths;
    std::string value;
};

// For a key at the top or in a protocol block (`protocol` is empty at the top).
std::optional<Replacement> replace_obsolete(std::string_view key, std::string_view value,
                                            std::string_view protocol);

// Puts the value into the global group under its new names.
void apply_replacement(Document& document, const Replacement& replacement, const Place& place);

// The value of a current setting without words that are gone; a warning for each.
std::string modern_value(std::string_view key, std::string_view value,
                         std::vector<std::string>& warnings);

}  // namespace config
