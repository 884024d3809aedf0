// SPDX-License-Identifier: MIT
// Settings of older versions that still work, with the warning that says what replaced them
// (compat 1.6).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace config {

struct Replacement {
    std::string warning;
    // Where the value goes, '/'-separated ("ssl_min_protocol", "service/imap-login/process_limit");
    // empty: nowhere.
    std::string path;
    std::string value;
};

// For a key at the top or in a protocol block (`protocol` is empty at the top).
std::optional<Replacement> replace_obsolete(std::string_view key, std::string_view value,
                                            std::string_view protocol);

// The protocols value without names that are gone; `warning` says what was dropped, or stays empty.
std::string modern_protocols(std::string_view value, std::string& warning);

}  // namespace config
