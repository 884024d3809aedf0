// SPDX-License-Identifier: MIT
#include "config/block.h"

#include "base/text.h"

#include <span>
#include <vector>

namespace config {
namespace {

// The block at "type<sep>name<sep>type<sep>name..." with a key left over, or with none.
struct Spot {
    Block* block;
    std::string_view key;
};

std::string block_key(std::string_view type, std::string_view name) {
    std::string key(type);
    return key.append("/").append(escape_name(name)).append("/");
}

Spot find_spot(Block& top, std::string_view path) {
    Block* block = &top;
    std::vector<std::string_view> parts = base::split(path, path_separator);
    std::size_t at = 0;
    while (at + 1 < parts.size()) {
        std::string_view type = parts[at];
        const Section* section =
            find_section(block->section ? block->section->inner : top_sections(), type);
        if (!section) break;
        bool named = section->naming != Section::Naming::strings;
        std::string_view name = named ? parts[at + 1] : std::string_view{};
        auto& inner = block->blocks[named ? block_key(type, name) : std::string(type)];
        if (!inner) {
            inner = std::make_unique<Block>();
            inner->section = section;
            if (!name.starts_with('#')) inner->name = std::string(name);
        }
        block = inner.get();
        at += named ? 2 : 1;
    }
    return {block, at < parts.size() ? parts[at] : std::string_view{}};
}

void fill(Block& block, std::span<const Setting> keys) {
    for (const Setting& setting : keys) {
        Block::Entry entry{&setting, std::string(setting.default_value),
                           std::string(setting.default_value)};
        block.entries.try_emplace(std::string(setting.name), std::move(entry));
    }
}

}  // namespace

std::string escape_name(std::string_view name) {
    std::string escaped;
    for (char c : name) {
        switch (c) {
            case ' ':
                escaped += "\\_";
                break;
            case '/':
                escaped += "\\s";
                break;
            case '\\':
                escaped += "\\\\";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

void add_group(Block& top, const Group& group, Origin origin) {
    for (const Opened& opened : group.sections) {
        find_spot(top, opened.path).block->opened = origin == Origin::file;
    }
    for (const Assignment& assignment : group.assignments) {
        Spot spot = find_spot(top, assignment.path);
        Block::Entry& entry = spot.block->entries[std::string(spot.key)];
        entry.setting = assignment.setting;
        if (!entry.setting && spot.block->section)
            entry.setting = find_setting(spot.block->section->keys, spot.key);
        entry.value = assignment.value;
        entry.shown = assignment.as_written;
        entry.set = origin == Origin::file;
        entry.from_file = assignment.from_file;
    }
}

void add_defaults(Block& top) {
    if (top.section) {
        fill(top, top.section->keys);
    } else {
        for (const Area& area : areas())
            fill(top, area.rows);
    }
    for (auto& [key, block] : top.blocks)
        add_defaults(*block);
}

}  // namespace config
