// SPDX-License-Identifier: MIT
#include "config/listing.h"

#include "base/text.h"
#include "config/block.h"
#include "config/builtin_services.h"
#include "config/listing_text.h"
#include "config/parser.h"

#include <algorithm>

namespace config {
namespace {

using Scope = ListingOptions::Scope;

const Group& builtin_group() {
    static const Document document = parse_text(builtin_services(), {}).document;
    return document.groups.front();
}

unsigned mask_bits(std::string_view net) {
    std::size_t slash = net.find('/');
    if (slash != std::string_view::npos)
        return base::parse_number<unsigned>(net.substr(slash + 1)).value_or(0);
    return net.find(':') == std::string_view::npos ? 32 : 128;
}

// The order in which doveconf prints filters: the less specific first.
std::uint64_t weight(const Condition& condition) {
    std::uint64_t sum = 0;
    if (!condition.local_name.empty()) sum += 1u << 20;
    if (!condition.local.empty()) sum += (mask_bits(condition.local) + 1) << 10;
    if (!condition.remote.empty()) sum += (mask_bits(condition.remote) + 1) << 2;
    if (!condition.protocol.empty()) ++sum;
    return sum;
}

// Conditions that the listing's filter says nothing about are left in.
bool ruled_out(const Condition& condition, const Filter& filter) {
    auto only = [&](auto Condition::*part, auto Filter::*given) {
        if ((condition.*part).empty() || (filter.*given).empty()) return false;
        Condition one;
        one.*part = condition.*part;
        return !match(one, filter);
    };
    return only(&Condition::protocol, &Filter::protocol) ||
           only(&Condition::local, &Filter::local_ip) ||
           only(&Condition::remote, &Filter::remote_ip) ||
           only(&Condition::local_name, &Filter::local_name);
}

std::vector<const Group*> filters_in_order(const Document& document, const Filter& filter) {
    std::vector<const Group*> groups;
    for (std::size_t i = 1; i < document.groups.size(); ++i) {
        if (!ruled_out(document.groups[i].condition, filter)) groups.push_back(&document.groups[i]);
    }
    std::stable_sort(groups.begin(), groups.end(), [](const Group* a, const Group* b) {
        return weight(a->condition) < weight(b->condition);
    });
    return groups;
}

// The group's own lines in the braces of its conditions.
std::string filter_text(const Group& group, const ListingOptions& options) {
    std::vector<std::string> headers;
    const Condition& condition = group.condition;
    if (!condition.local.empty()) headers.push_back("local " + condition.local);
    if (!condition.local_name.empty()) headers.push_back("local_name " + condition.local_name);
    if (!condition.remote.empty()) headers.push_back("remote " + condition.remote);
    if (!condition.protocol.empty()) headers.push_back("protocol " + condition.protocol);
    ListingOptions inside = options;
    inside.scope = Scope::set;
    Block top;
    add_group(top, group, Origin::file);
    for (auto& [key, block] : top.blocks)
        add_defaults(*block);
    std::string body = block_text(top, inside, headers.size() * 2);
    if (body.empty()) return {};
    std::string out;
    for (std::size_t depth = 0; depth < headers.size(); ++depth)
        out.append(depth * 2, ' ').append(headers[depth]).append(" {\n");
    out += body;
    for (std::size_t depth = headers.size(); depth-- > 0;)
        out.append(depth * 2, ' ').append("}\n");
    return out;
}

// The capability list that the peer computes: the default, changed by a relative sieve_extensions.
void compute_capability(Block& top) {
    Block::Entry& capability = top.entries["managesieve_sieve_capability"];
    auto plugin = top.blocks.find("plugin");
    if (capability.set || plugin == top.blocks.end()) return;
    auto extensions = plugin->second->entries.find("sieve_extensions");
    if (extensions == plugin->second->entries.end()) return;
    for (std::string_view word : base::words(extensions->second.value)) {
        if (word.front() != '+' && word.front() != '-') return;
        std::string text;
        for (std::string_view known : base::words(capability.shown)) {
            if (known != word.substr(1)) text.append(text.empty() ? "" : " ").append(known);
        }
        if (word.front() == '+') text.append(" ").append(word.substr(1));
        capability.value = capability.shown = text;
    }
}

// Everything that holds under the filter, defaults included.
Block merged(const Document& document, const Filter& filter) {
    Block top;
    add_group(top, builtin_group(), Origin::built_in);
    for (const Group* group : matching_groups(document, filter))
        add_group(top, *group, Origin::file);
    add_defaults(top);
    compute_capability(top);
    return top;
}

}  // namespace

std::string list_configuration(const Document& document, const ListingOptions& options) {
    auto text = [&options](const Block& top) {
        return options.flat ? flat_text(top, options, {}) : block_text(top, options, 0);
    };
    if (options.scope == Scope::defaults) {
        Document none;
        none.groups.emplace_back();
        return text(merged(none, {}));
    }
    std::string out = text(merged(document, options.filter));
    if (options.flat) return out;
    for (const Group* group : filters_in_order(document, options.filter))
        out += filter_text(*group, options);
    return out;
}

std::string list_setting(const Document& document, std::string_view name,
                         const ListingOptions& options, bool value_only) {
    Block top = merged(document, options.filter);
    ListingOptions open = options;
    open.module.clear();
    const Block* block = &top;
    std::string_view rest = name;
    while (true) {
        auto entry = block->entries.find(std::string(rest));
        if (entry != block->entries.end()) {
            std::string value = entry_text(entry->second, open);
            std::string_view sign = open.flat ? "=" : " = ";
            return (value_only ? std::string() : std::string(name).append(sign)) + value + "\n";
        }
        // "type", "type/name", "type/name/..."; "plugin" and "plugin/..." have no name.
        std::size_t slash = std::min(rest.find('/'), rest.size());
        std::string type(rest.substr(0, slash));
        auto strings = block->blocks.find(type);
        if (strings != block->blocks.end()) {
            block = strings->second.get();
            if (slash == rest.size())
                return open.flat ? flat_sections(top, type, open, {})
                                 : one_block_text(*block, open);
            rest.remove_prefix(slash + 1);
            continue;
        }
        std::string out;
        std::string before(name.substr(0, name.size() - rest.size()));
        if (slash == rest.size()) {
            if (open.flat) return flat_sections(*block, type, open, before);
            for (const auto& [key, inner] : block->blocks) {
                if (key.starts_with(type + "/")) out += one_block_text(*inner, open);
            }
            return out;
        }
        std::size_t end = std::min(rest.find('/', slash + 1), rest.size());
        auto named = block->blocks.find(std::string(rest.substr(0, end)) + "/");
        if (named == block->blocks.end()) return {};
        block = named->second.get();
        if (end == rest.size()) {
            return open.flat ? flat_text(*block, open, std::string(name) + "/")
                             : one_block_text(*block, open);
        }
        rest.remove_prefix(end + 1);
    }
}

std::vector<std::string> list_environment(const Document& document, const ListingOptions& options) {
    Block top = merged(document, options.filter);
    ListingOptions expanded = options;
    expanded.show_secrets = true;
    std::vector<std::string> variables;
    auto add = [&](const std::string& name, const Block::Entry& entry) {
        variables.push_back(base::to_upper(name) + "=" + entry_text(entry, expanded));
    };
    for (const auto& [name, entry] : top.entries)
        add(name, entry);
    if (auto plugin = top.blocks.find("plugin"); plugin != top.blocks.end()) {
        for (const auto& [name, entry] : plugin->second->entries)
            add("plugin/" + name, entry);
    }
    return variables;
}

}  // namespace config
