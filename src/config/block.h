// SPDX-License-Identifier: MIT
// A group of assignments as a tree of sections, for listings: each block knows its settings with
// their defaults. Names of settings and blocks are in the order in which doveconf prints them.
#pragma once

#include "config/document.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace config {

struct Block {
    struct Entry {
        const Setting* setting = nullptr;  // null for free names (plugin, dict)
        std::string value;                 // as it counts
        std::string shown;                 // as written
        bool set = false;                  // by a file, not by default
        bool from_file = false;
    };
    const Section* section = nullptr;  // null at the top
    std::string name;                  // empty for unnamed entries
    bool opened = false;               // written in a file
    std::map<std::string, Entry> entries;
    // By "type/name/" with names escaped, which gives doveconf's order.
    std::map<std::string, std::unique_ptr<Block>> blocks;

    // Whether each block is an entry of its own (passdb, unnamed namespace).
    bool is_list_entry() const { return section && section->naming == Section::Naming::list; }
};

// ' ' and '/' of a section's name as in "service/auth/unix_listener/login\slogin".
std::string escape_name(std::string_view name);

enum class Origin { file, built_in };

// Adds what the group says to the tree, over what is there.
void add_group(Block& top, const Group& group, Origin origin);

// Adds the default of every setting that is not there, inside blocks too.
void add_defaults(Block& top);

}  // namespace config
