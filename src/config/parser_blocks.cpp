// SPDX-License-Identifier: MIT
// Opening and closing of filters and sections.
#include "base/text.h"
#include "config/limits.h"
#include "config/parser_state.h"

#include <algorithm>
#include <cstdio>

namespace config {
namespace {

constexpr std::string_view filter_types[] = {"protocol", "local", "remote", "local_name"};

}  // namespace

std::string Parser::open_path() const {
    std::string path;
    for (const Open& open : open_) {
        if (open.section) path += std::string(open.section->type) + " { ";
    }
    return path;
}

void Parser::open_block(std::string_view type, std::string_view rest) {
    if (rest.find('{') != std::string_view::npos && !rest.starts_with('"') &&
        !rest.starts_with('\'')) {
        return error("Garbage after '{'", rest.substr(rest.find('{') + 1));
    }
    if (open_.size() > max_section_depth) {
        error("Too many nested sections", type);
        return open_.push_back(open_.back());
    }
    bool quoted = false;
    std::string name = unquote(rest, quoted);
    if (open_.back().unknown) return open_.push_back(open_.back());
    const Section* inside = open_.back().section;
    if (!inside && std::find(std::begin(filter_types), std::end(filter_types), type) !=
                       std::end(filter_types)) {
        return open_filter(type, name);
    }
    if (!inside && type == "auth") {
        obsolete(
            "add auth_ prefix to all settings inside auth {} and remove the auth {} section "
            "completely",
            type);
        open_.push_back({.group = open_.back().group, .place = place_of(type)});
        open_.back().old_auth = true;
        return;
    }
    const Section* section = find_section(inside ? inside->inner : top_sections(), type);
    if (section) return open_section(*section, type, name);
    bool strings = inside && inside->naming == Section::Naming::strings;
    std::string word(type);
    error(strings ? "Section not allowed here"
                  : "Unknown setting: " + open_path() + word + " { " + word,
          type, strings ? std::string() : hint(type));
    open_.push_back(open_.back());
    open_.back().unknown = true;
    open_.back().place = place_of(type);
}

// A narrower net may stand inside a wider one; its own net is what counts then.
std::string Parser::filter_net(std::string_view type, const std::string& name,
                               const std::string& outer) {
    auto net = normal_net(name);
    if (!net) {
        error(net.error(), name);
        return name;
    }
    if (!outer.empty() && !net_inside(*net, outer)) {
        std::string word(type);
        error(word + " net1 { " + word + " net2 { .. } } requires net2 to be inside net1", name);
    }
    return *net;
}

void Parser::open_filter(std::string_view type, const std::string& name) {
    Open next{.group = open_.back().group, .place = place_of(type)};
    Condition condition = group().condition;
    auto not_inside = [&](const char* outer) {
        error(outer + (" { " + std::string(type)) + " { .. } } not allowed (use " +
                  std::string(type) + " { " + outer + " { .. } } instead)",
              type);
    };
    if (type == "protocol") {
        if (!condition.protocol.empty())
            error("Nested protocol { protocol { .. } } block not allowed", name);
        condition.protocol = name;
        if (name == "managesieve") {
            obsolete("protocol managesieve {} has been replaced by protocol sieve { }", name);
            condition.protocol = "sieve";
        }
        if (name.empty()) error("protocol: Missing name", type);
    } else if (!condition.protocol.empty()) {
        not_inside("protocol");
    } else if (type == "remote") {
        condition.remote = filter_net(type, name, condition.remote);
    } else if (!condition.remote.empty()) {
        not_inside("remote");
    } else if (type == "local_name") {
        if (!condition.local_name.empty())
            error("Nested local_name { local_name { .. } } block not allowed", name);
        condition.local_name = name;
    } else if (!condition.local_name.empty()) {
        not_inside("local_name");
    } else {
        condition.local = filter_net(type, name, condition.local);
    }
    auto& groups = outcome_.document.groups;
    auto same = std::find_if(groups.begin(), groups.end(),
                             [&](const Group& one) { return one.condition == condition; });
    next.group = static_cast<std::size_t>(same - groups.begin());
    if (same == groups.end()) groups.emplace_back().condition = condition;
    open_.push_back(std::move(next));
}

void Parser::open_section(const Section& section, std::string_view type, const std::string& name) {
    Open next{open_.back().group, &section,
              open_.back().path + std::string(section.type) + path_separator, place_of(type)};
    if (name.empty() && section.type == "service") error("service is missing name", type);
    if (section.naming == Section::Naming::unique_name && !name.empty()) {
        next.path += name + path_separator;
    } else if (section.naming != Section::Naming::strings) {
        // Each block is an entry of its own; its number keeps the order of the files.
        char number[16];
        std::snprintf(number, sizeof number, "#%06zu", ++list_entries_);
        next.path += std::string(number) + path_separator;
    }
    group().open(next.path, next.place);
    bool old_auth = open_.back().old_auth;
    open_.push_back(std::move(next));
    if (section.naming == Section::Naming::list && !name.empty()) {
        if (old_auth) {
            std::string word(type);
            obsolete(
                word + " " + name + " {} has been replaced by " + word + " { driver=" + name + " }",
                name);
            return store(open_.back().path + "driver", find_setting(section.keys, "driver"),
                         {name, name, name, type, true});
        }
        store(open_.back().path + "name", nullptr, {name, name, name, type, true});
    }
}

void Parser::close_block(std::string_view brace) {
    if (open_.size() == 1) return error("Unexpected '}'", brace);
    open_.pop_back();
}

}  // namespace config
