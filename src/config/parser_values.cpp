// SPDX-License-Identifier: MIT
// "key = value": $variables, checks by type, and the way into the document.
#include "base/text.h"
#include "config/dollars.h"
#include "config/include_path.h"
#include "config/obsolete.h"
#include "config/parser_state.h"
#include "config/spelling.h"
#include "config/value.h"

#include <algorithm>

namespace config {

// What counts where we stand: this filter's value, else that of those around it.
const Assignment* Parser::assigned_so_far(const std::string& path) const {
    const auto& groups = outcome_.document.groups;
    for (std::size_t i = open_.size(); i-- > 0;) {
        if (const Assignment* found = groups[open_[i].group].find(path)) return found;
    }
    return nullptr;
}

std::optional<std::string> Parser::value_so_far(const std::string& path, Dollars which) const {
    if (const Assignment* found = assigned_so_far(path))
        return which == Dollars::all ? found->value : found->as_written;
    if (path.find(path_separator) != std::string::npos) return std::string();
    const Setting* known = find_setting(path);
    return known ? std::optional(std::string(known->default_value)) : std::nullopt;
}

std::optional<std::string> Parser::expand_dollars(std::string_view value, std::string_view key,
                                                  Dollars which) {
    return replace_dollars(value, [&](std::string_view name) -> std::optional<std::string> {
        if (which == Dollars::own_key_only && name != key) return "$" + std::string(name);
        if (auto found = environment_value(name)) return found;
        std::string inside = open_.back().path + std::string(name);
        auto known = value_so_far(name == key ? inside : std::string(name), which);
        if (!known && open_.back().section) known = value_so_far(inside, which);
        if (!known) error("Unknown variable: $" + std::string(name), name, hint(name));
        return known;
    });
}

void Parser::assign(std::string_view key, std::string_view written) {
    if (key.empty()) return error("Expecting a setting's name before '='", at_->text.substr(0, 1));
    Value value{.written = written, .key = key};
    value.text = unquote(written, value.quoted);
    value.shown = value.text;
    if (!value.quoted && value.text.find('$') != std::string::npos) {
        auto shown = expand_dollars(written, key, Dollars::own_key_only);
        auto expanded = expand_dollars(written, key, Dollars::all);
        if (!expanded || !shown) return;
        value.text = std::move(*expanded);
        value.shown = std::move(*shown);
    }
    const Open& open = open_.back();
    if (open.unknown) return;
    if (!open.section) return assign_top(key, std::move(value));
    std::string path = open.path + std::string(key);
    if (open.section->naming == Section::Naming::strings) {
        return store(std::move(path), nullptr, std::move(value));
    }
    const Setting* setting = find_setting(open.section->keys, key);
    if (!setting) {
        return error("Unknown setting: " + open_path() + std::string(key), key, hint(key));
    }
    store(std::move(path), setting, std::move(value));
}

void Parser::assign_top(std::string_view key, Value value) {
    std::string prefixed = "auth_" + std::string(key);
    if (open_.back().old_auth) key = prefixed;
    if (const Setting* setting = find_setting(key)) {
        const Condition& condition = group().condition;
        bool by_address =
            !condition.local.empty() || !condition.remote.empty() || !condition.local_name.empty();
        if (by_address && key.starts_with("auth_") && key != "auth_socket_path") {
            return error(
                "Auth settings not supported inside local/remote blocks: " + std::string(key),
                value.key);
        }
        std::vector<std::string> gone;
        std::string modern = modern_value(key, value.text, gone);
        for (const std::string& text : gone)
            obsolete(text, value.written);
        if (!gone.empty()) value.text = value.shown = modern;
        return store(std::string(key), setting, std::move(value));
    }
    if (auto replacement = replace_obsolete(key, value.text, group().condition.protocol)) {
        obsolete(replacement->warning, value.key);
        return apply_replacement(outcome_.document, *replacement, place_of(value.key));
    }
    error("Unknown setting: " + std::string(key), value.key, hint(key));
}

void Parser::store(std::string path, const Setting* setting, Value value) {
    bool from_file = !value.quoted && value.text.starts_with('<');
    if (from_file) {
        std::string file(base::trim(std::string_view(value.text).substr(1)));
        value.shown = "<" + file;
        if (!file.starts_with('/')) file = directory_of(files_.back()) + file;
        value.text = "<" + file;
    } else if (setting) {
        if (std::string text = check_value(*setting, value.text); !text.empty()) {
            std::string hint = setting->type == Type::one_of
                                   ? spelling_hint_among(value.text, base::words(setting->choices))
                                   : std::string();
            return error(std::move(text), value.written.empty() ? value.key : value.written,
                         std::move(hint));
        }
    }
    if (open_.back().group == 0) late_global(path, value.key);
    Place where = place_of(value.written);
    group().assign({std::move(path), std::move(value.text), std::move(value.shown), from_file,
                    setting, place_of(value.key), where.column, where.length});
}

// A global setting after a filter that set the same key does not change it there (compat 1.1,
// warnings).
void Parser::late_global(const std::string& path, std::string_view key) {
    // Keys of plugin {} are no settings; Dovecot says nothing of them.
    if (path.starts_with("plugin") &&
        path.find(path_separator) == std::string_view("plugin").size())
        return;
    const auto& groups = outcome_.document.groups;
    for (std::size_t i = 1; i < groups.size(); ++i) {
        const Assignment* earlier = groups[i].find(path);
        if (!earlier) continue;
        std::string where = earlier->place.file + " line " + std::to_string(earlier->place.line);
        warning("Global setting " + path.substr(path.rfind(path_separator) + 1) +
                    " won't change the setting inside an earlier filter at " + where +
                    " (if this is intentional, avoid this warning by moving the global setting "
                    "before " +
                    where + ")",
                key);
        return;
    }
}

}  // namespace config
