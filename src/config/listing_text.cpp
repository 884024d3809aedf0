// SPDX-License-Identifier: MIT
#include "config/listing_text.h"

#include "base/text.h"
#include "config/modules.h"
#include "config/value.h"

#include <algorithm>
#include <cstring>

namespace config {
namespace {

using Scope = ListingOptions::Scope;

constexpr std::string_view hidden_value = "# hidden, use -P to show it";
constexpr std::string_view hidden_part = "#hidden_use-P_to_show#";

bool is_secret(std::string_view key) {
    return key.ends_with("_password") || key.ends_with("_key") || key.ends_with("_nonce") ||
           key.starts_with("ssl_dh");
}

std::string quoted_if_needed(std::string value) {
    bool needed = value.find('#') != std::string::npos ||
                  (!value.empty() && (std::strchr(" \t", value.front()) != nullptr ||
                                      std::strchr(" \t", value.back()) != nullptr));
    if (!needed) return value;
    std::string quoted = "\"";
    for (char c : value) {
        if (c == '"' || c == '\'' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted += '"';
}

std::string header(const Block& block) {
    std::string out(block.section->type);
    std::string name = block.name;
    auto path = block.entries.find("path");
    if (path != block.entries.end() && !path->second.value.empty()) name = path->second.value;
    if (!name.empty()) {
        bool plain = name.find_first_of(" \t#\"'{") == std::string::npos;
        out += plain ? " " + name : " \"" + name + "\"";
    }
    return out;
}

bool is_wanted(const Block& block, std::string_view key, const Block::Entry& entry,
               const ListingOptions& options) {
    bool at_top = block.section == nullptr;
    if (at_top && !options.module.empty() && !module_reads_setting(options.module, key))
        return false;
    if (entry.setting && entry.setting->hidden && !options.show_hidden && !entry.set) return false;
    // These stand in the header.
    if (key == "path" || (key == "name" && !block.is_list_entry())) return false;
    switch (options.scope) {
        case Scope::all:
        case Scope::defaults:
            return true;
        case Scope::changed:
            // Computed by the peer from what is installed, so never "the default".
            if (key.starts_with("managesieve_") && key.ends_with("_capability")) return true;
            if (block.section && block.section->type == "namespace" && block.opened &&
                (key == "location" || key == "prefix"))
                return true;
            if (!at_top && !block.is_list_entry()) return entry.set;
            return !entry.setting || entry.from_file ||
                   shown_value(*entry.setting, entry.shown) !=
                       shown_value(*entry.setting, entry.setting->default_value);
        case Scope::set:
            if (at_top && key.starts_with("managesieve_") && key.ends_with("_capability"))
                return true;
            if (block.section && block.section->type == "namespace" && block.opened &&
                (key == "location" || key == "prefix"))
                return true;
            return entry.set || (block.is_list_entry() && key == "name");
    }
    return true;
}

}  // namespace

std::string without_secrets(std::string_view key, std::string_view value) {
    if (is_secret(key) && !value.empty()) return std::string(hidden_value);
    std::string out;
    std::size_t at = 0;
    while (at < value.size()) {
        bool word_start = at == 0 || !(std::isalnum(static_cast<unsigned char>(value[at - 1])) ||
                                       value[at - 1] == '_');
        std::string_view rest = value.substr(at);
        bool secret = word_start && (rest.starts_with("pass") || rest.starts_with("key") ||
                                     rest.starts_with("secret"));
        if (secret) {
            std::size_t sign = rest.find_first_of("=:;");
            if (sign != std::string_view::npos && rest[sign] == '=') {
                std::size_t end = std::min(rest.find_first_of(" \t:;", sign + 1), rest.size());
                out.append(rest.substr(0, sign + 1)).append(hidden_part);
                at += end;
                continue;
            }
        }
        // user:password@ of a URL
        if (rest.starts_with("://")) {
            std::size_t end = rest.find_first_of("@/ \t", 3);
            if (end != std::string_view::npos && rest[end] == '@') {
                out.append("://").append(hidden_part);
                at += end;
                continue;
            }
        }
        out += value[at++];
    }
    return out;
}

std::string entry_text(const Block::Entry& entry, const ListingOptions& options) {
    if (options.expand && entry.from_file) return read_file_value(entry.value);
    std::string text = options.expand ? entry.value : entry.shown;
    return entry.setting ? shown_value(*entry.setting, text) : text;
}

std::string block_text(const Block& block, const ListingOptions& options, std::size_t indent) {
    // Settings and blocks in one order: a name, or "type/name/".
    std::vector<std::pair<std::string, std::string>> items;
    for (const auto& [key, entry] : block.entries) {
        if (!is_wanted(block, key, entry, options)) continue;
        std::string value = entry_text(entry, options);
        std::string line(indent, ' ');
        std::string quoted = quoted_if_needed(value);
        line.append(key).append(" = ").append(options.show_secrets ? quoted
                                                                   : without_secrets(key, quoted));
        items.emplace_back(key, line + "\n");
    }
    for (const auto& [key, inner] : block.blocks) {
        if (!block.section && !options.module.empty() &&
            !module_reads_section(options.module, inner->section->type))
            continue;
        std::string body = block_text(*inner, options, indent + 2);
        bool show_empty = options.scope == Scope::all && inner->opened &&
                          inner->section->naming != Section::Naming::strings;
        if (body.empty() && !show_empty) continue;
        std::string margin(indent, ' ');
        items.emplace_back(key, margin + header(*inner) + " {\n" + body + margin + "}\n");
    }
    std::sort(items.begin(), items.end());
    std::string out;
    for (const auto& [key, text] : items)
        out += text;
    return out;
}

std::string one_block_text(const Block& block, const ListingOptions& options) {
    std::string body = block_text(block, options, 2);
    return header(block) + " {\n" + body + "}\n";
}

}  // namespace config
