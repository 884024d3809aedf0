// SPDX-License-Identifier: MIT
// doveconf -S. The peer's lines, but sorted: its own order is that in which its modules were
// loaded. As there, filters are not listed, secrets are shown, and with -n what differs from a
// key's own default counts, also in services that nobody wrote.
#include "config/listing_text.h"
#include "config/modules.h"
#include "config/value.h"

#include <algorithm>
#include <vector>

namespace config {
namespace {

using Scope = ListingOptions::Scope;
using Lines = std::vector<std::string>;

bool is_named(std::string_view key) {
    return key == "name" || key == "path";
}

bool is_wanted(const Block::Entry& entry, const ListingOptions& options) {
    if (entry.setting && entry.setting->hidden && !options.show_hidden && !entry.set) return false;
    switch (options.scope) {
        case Scope::all:
        case Scope::defaults:
            return true;
        case Scope::changed:
            return !entry.setting || entry.from_file ||
                   shown_value(*entry.setting, entry.shown) !=
                       shown_value(*entry.setting, entry.setting->default_value);
        case Scope::set:
            return entry.set;
    }
    return true;
}

// What the peer calls the key of a section that holds its name.
std::string_view name_key(std::string_view type) {
    if (type == "unix_listener" || type == "fifo_listener") return "path";
    return type == "metric" ? "metric_name" : "name";
}

std::string name_of(const Block& block) {
    for (const char* key : {"path", "name"}) {
        auto entry = block.entries.find(key);
        if (entry != block.entries.end() && !entry->second.value.empty())
            return entry->second.value;
    }
    return block.name;
}

void add_block(Lines& lines, const Block& block, const ListingOptions& options,
               const std::string& prefix);

// Those of one type: named ones in the order of the tree, then the rest, each under its number.
void add_sections(Lines& lines, const Block& block, std::string_view type,
                  const ListingOptions& options, const std::string& prefix) {
    std::vector<const Block*> ordered;
    for (bool named : {true, false}) {
        for (const auto& [key, inner] : block.blocks) {
            bool shown = options.scope != Scope::set || inner->opened ||
                         inner->section->naming == Section::Naming::strings;
            if (shown && inner->section->type == type && inner->name.empty() != named)
                ordered.push_back(inner.get());
        }
    }
    if (ordered.empty()) return;
    const std::string start = prefix + std::string(type);
    if (ordered.front()->section->naming == Section::Naming::strings) {
        lines.push_back(start + "=");
        return add_block(lines, *ordered.front(), options, start + "/");
    }
    std::string names;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        const Block& inner = *ordered[i];
        const std::string name = name_of(inner);
        bool numbered = inner.name.empty();
        const std::string id = numbered ? std::to_string(i) : escape_name(name);
        const std::string path = start + "/" + id + "/";
        names.append(names.empty() ? "" : " ").append(id);
        if (!name.empty() || options.scope == Scope::all || options.scope == Scope::defaults)
            lines.push_back(path + std::string(name_key(type)) + "=" + name);
        add_block(lines, inner, options, path);
    }
    lines.push_back(start + "=" + names);
}

void add_block(Lines& lines, const Block& block, const ListingOptions& options,
               const std::string& prefix) {
    const bool at_top = block.section == nullptr;
    for (const auto& [key, entry] : block.entries) {
        if (at_top && !options.module.empty() && !module_reads_setting(options.module, key))
            continue;
        bool strings = block.section && block.section->naming == Section::Naming::strings;
        if (!at_top && !strings && is_named(key)) continue;  // see add_sections()
        // Computed by the peer from what is installed, so never the default.
        bool computed = at_top && key.starts_with("managesieve_") && key.ends_with("_capability");
        if (computed || is_wanted(entry, options))
            lines.push_back(prefix + key + "=" + entry_text(entry, options));
    }
    std::vector<std::string_view> types;
    for (const auto& [key, inner] : block.blocks) {
        std::string_view type = inner->section->type;
        if (at_top && !options.module.empty() && !module_reads_section(options.module, type))
            continue;
        if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
    }
    for (std::string_view type : types)
        add_sections(lines, block, type, options, prefix);
}

std::string text_of(Lines lines) {
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const std::string& line : lines)
        out.append(line).append("\n");
    return out;
}

}  // namespace

std::string flat_text(const Block& block, const ListingOptions& options,
                      const std::string& prefix) {
    Lines lines;
    add_block(lines, block, options, prefix);
    return text_of(std::move(lines));
}

std::string flat_sections(const Block& block, std::string_view type, const ListingOptions& options,
                          const std::string& prefix) {
    Lines lines;
    add_sections(lines, block, type, options, prefix);
    return text_of(std::move(lines));
}

}  // namespace config
