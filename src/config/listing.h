// SPDX-License-Identifier: MIT
// A configuration as text in doveconf's shape (compat 1.4): keys sorted, sections indented, filters
// after the global part. Pure, except that `expand` reads the files that "<path" values name.
#pragma once

#include "config/configuration.h"
#include "config/document.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct ListingOptions {
    enum class Scope {
        all,       // -a: every setting
        changed,   // -n: what differs from the defaults
        set,       // -N: what was written
        defaults,  // -d: the defaults, whatever was written
    };
    Scope scope = Scope::all;
    bool flat = false;          // -S: section/name/key=value
    bool show_secrets = false;  // -P
    bool show_hidden = false;   // -s
    bool expand = false;        // -x: $names and the content of "<path" files
    std::string module;         // -m: only this module's settings; empty = all
    // Only the filter blocks that these do not rule out; empty ones rule out nothing.
    Filter filter;
};

// The whole listing. Throws std::system_error where a file to expand cannot be read.
std::string list_configuration(const Document& document, const ListingOptions& options);

// One setting ("mail_plugins", "plugin/sieve", "service/auth/user") as "name = value" or, for a
// section's name, the section in full; values are those under the filter. Empty where there is no
// such thing.
std::string list_setting(const Document& document, std::string_view name,
                         const ListingOptions& options, bool value_only);

// Every global setting as "NAME=value" in upper case, as doveconf -e hands them to a command.
std::vector<std::string> list_environment(const Document& document, const ListingOptions& options);

// The value as it may be shown to others: secrets inside it replaced.
std::string without_secrets(std::string_view key, std::string_view value);

}  // namespace config
