// SPDX-License-Identifier: MIT
// Which scripts run for a user and in which order (sieve-compat 2.1, 3.1): sieve_before*, the
// personal one or sieve_default, sieve_after*. Works on the values of plugin {} with their
// variables expanded; looks at the disk only to list directories and to find the active script.
#pragma once

#include "deliver/script_store.h"
#include "sieve/script_name.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

// "[file:]PATH[;active=LINK][;name=N][;bindir=DIR]".
struct ScriptLocation {
    std::string type = "file";
    std::string path;
    std::string active;
    std::string name;
    std::string bindir;
};
ScriptLocation parse_script_location(std::string_view text);

// The value of a plugin {} setting, or nothing where it isn't set.
using PluginValue = std::function<std::optional<std::string>(std::string_view key)>;

struct ScriptSequence {
    std::vector<ScriptFile> scripts;  // in order; those that do not exist are left out
    std::optional<ScriptFile> discard;
    // Settings that cannot work ("sieve = dict:..."), for the log.
    std::vector<std::string> complaints;
    // Where the user's own script is, would be or, if absent, was looked for: names the user's log.
    std::string personal_path;
};

// Where the scripts lie that others include (RFC 6609 §3.2): the storage of the user's scripts, or
// sieve_global. Nothing where none is set.
std::optional<ScriptLocation> find_storage(const PluginValue& plugin, std::string_view home,
                                           sieve::ScriptPlace place);

// `home` is absolute or empty.
ScriptSequence find_scripts(const PluginValue& plugin, std::string_view home);

}  // namespace deliver
