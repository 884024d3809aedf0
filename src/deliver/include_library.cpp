// SPDX-License-Identifier: MIT
#include "deliver/include_library.h"

#include <stdexcept>

namespace deliver {

ScriptFile included_file(const PluginValue& plugin, std::string_view home, sieve::ScriptPlace place,
                         std::string_view name) {
    const ScriptRole role =
        place == sieve::ScriptPlace::global ? ScriptRole::included : ScriptRole::personal;
    const auto storage = find_storage(plugin, home, place);
    if (!storage) {
        ScriptFile nowhere;
        nowhere.name = name;
        nowhere.role = role;
        return nowhere;
    }
    return ScriptFile::at(storage->path + '/' + std::string(name) + ".sieve", role,
                          storage->bindir);
}

IncludeLibrary::IncludeLibrary(PluginValue plugin, std::string home, Load load, Tell tell)
    : plugin_(std::move(plugin)),
      home_(std::move(home)),
      load_(std::move(load)),
      tell_(std::move(tell)) {}

IncludeLibrary::Entry& IncludeLibrary::get(sieve::ScriptPlace place, std::string_view name) {
    const std::pair key(place, std::string(name));
    if (const auto known = entries_.find(key); known != entries_.end()) return known->second;
    ScriptFile file = included_file(plugin_, home_, place, name);
    base::Result<LoadedScript, ScriptTrouble> loaded{base::Unexpected{ScriptTrouble{}}};
    if (!file.path.empty()) loaded = load_(file);
    if (find(file.name) != nullptr) file.name = file.path;
    Entry& entry = entries_.emplace(key, Entry{std::move(file), std::move(loaded)}).first->second;
    tell_(entry);
    return entry;
}

sieve::IncludedScript IncludeLibrary::include(sieve::ScriptPlace place, std::string_view name) {
    const Entry& entry = get(place, name);
    sieve::IncludedScript script;
    script.name = entry.file.name;
    if (entry.loaded) {
        script.program = &entry.loaded->program;
        return script;
    }
    const ScriptTrouble& trouble = entry.loaded.error();
    switch (trouble.kind) {
        case ScriptTrouble::Kind::missing:
            script.missing = true;
            break;
        case ScriptTrouble::Kind::compile_error:
        case ScriptTrouble::Kind::unreadable:
            script.why = trouble.text;
            break;
        case ScriptTrouble::Kind::temporary:
            throw std::runtime_error("included script " + entry.file.path + ": " + trouble.text);
    }
    return script;
}

const IncludeLibrary::Entry* IncludeLibrary::find(std::string_view file_name) const {
    for (const auto& [key, entry] : entries_)
        if (entry.file.name == file_name) return &entry;
    return nullptr;
}

}  // namespace deliver
