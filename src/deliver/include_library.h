// SPDX-License-Identifier: MIT
// The scripts that others include (RFC 6609 §3.2), found by name in the user's storage or the
// site's and loaded once. One thread; lives as long as what runs with its programs.
#pragma once

#include "base/result.h"
#include "deliver/script_sequence.h"
#include "deliver/script_store.h"
#include "sieve/host.h"
#include "sieve/script_name.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace deliver {

// The file of that script; without a path where its place has no storage.
ScriptFile included_file(const PluginValue& plugin, std::string_view home, sieve::ScriptPlace place,
                         std::string_view name);

class IncludeLibrary {
  public:
    struct Entry {
        ScriptFile file;  // its name is that of its path where another script has the plain one
        base::Result<LoadedScript, ScriptTrouble> loaded;
    };
    using Load = std::function<base::Result<LoadedScript, ScriptTrouble>(const ScriptFile&)>;
    // Called for each entry as it is loaded.
    using Tell = std::function<void(Entry&)>;

    IncludeLibrary(PluginValue plugin, std::string home, Load load, Tell tell);

    // What sieve::Host::include answers. Throws std::runtime_error where a script cannot be read
    // for now: nothing may be decided without it.
    sieve::IncludedScript include(sieve::ScriptPlace place, std::string_view name);
    // By the name of its file; nothing where it was not included.
    const Entry* find(std::string_view file_name) const;

  private:
    Entry& get(sieve::ScriptPlace place, std::string_view name);

    PluginValue plugin_;
    std::string home_;
    Load load_;
    Tell tell_;
    std::map<std::pair<sieve::ScriptPlace, std::string>, Entry> entries_;
};

}  // namespace deliver
