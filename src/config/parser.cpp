// SPDX-License-Identifier: MIT
// Grammar: config/line_reader.h gives lines; this file reads one at a time with a stack of open
// sections.
#include "config/parser.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/dollars.h"
#include "config/include_path.h"
#include "config/limits.h"
#include "config/line_reader.h"
#include "config/obsolete.h"
#include "config/spelling.h"
#include "config/value.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace config {
namespace {

constexpr std::string_view filter_types[] = {"protocol", "local", "remote", "local_name"};

// An open "{": a filter narrows the condition, a section lengthens the path.
struct Open {
    std::size_t group = 0;             // index into document.groups
    const Section* section = nullptr;  // null: at the top, or in a filter
    std::string path;                  // of the section, with a separator at its end
    Place place;
    bool old_auth = false;  // auth NAME {} of 1.x: its keys lack their prefix
};

class Parser {
  public:
    explicit Parser(ParseOutcome& outcome) : outcome_(outcome) {
        outcome_.document.groups.emplace_back();
        open_.push_back({});
    }

    void file(const std::string& path, const Place& from, bool must_exist);
    void text(std::string_view text, const std::string& name);
    void finish();

  private:
    void line(const Line& line);
    void include(std::string_view pattern, bool must_match);
    void open_block(std::string_view type, std::string_view rest);
    void open_filter(std::string_view type, const std::string& name);
    std::string filter_net(std::string_view type, const std::string& name,
                           const std::string& outer);
    void open_section(const Section& section, const std::string& name);
    void close_block();
    void assign(std::string_view key, std::string_view written);
    // A value on its way into the document.
    struct Value {
        std::string text;          // as it counts
        std::string shown;         // as doveconf -n shows it
        std::string_view written;  // as it stands in the file, for underlining
        bool quoted = false;
    };
    void assign_top(std::string_view key, Value value);
    void store(std::string path, const Setting* setting, Value value);
    enum class Dollars { all, own_key_only };
    std::optional<std::string> expand_dollars(std::string_view value, std::string_view key,
                                              Dollars which);
    const Assignment* assigned_so_far(const std::string& path) const;
    std::optional<std::string> value_so_far(const std::string& path, Dollars which) const;
    void late_global(const std::string& path);

    void error(std::string text, std::string_view token = {}, std::string hint = {});
    void warning(std::string text, std::string_view token = {}, std::string hint = {});
    void obsolete(const std::string& text, std::string_view token);
    Problem problem(Problem::Severity severity, std::string text, std::string_view token,
                    std::string hint) const;
    std::string open_path() const;
    // Looking for near names takes time: only the first mistakes get a hint.
    template <typename... Names>
    std::string hint(const Names&... names) {
        return hints_++ < max_hints ? spelling_hint(names...) : std::string();
    }

    Group& group() { return outcome_.document.groups[open_.back().group]; }

    ParseOutcome& outcome_;
    std::vector<Open> open_;
    std::vector<std::string> files_;  // being read, outermost first
    std::size_t files_read_ = 0;
    Line at_;
    bool obsolete_noted_ = false;
    std::size_t list_entries_ = 0;
    std::size_t hints_ = 0;
};

Problem Parser::problem(Problem::Severity severity, std::string text, std::string_view token,
                        std::string hint) const {
    Problem found{severity, std::move(text), std::move(hint), {}, std::string(at_.source_line)};
    if (!files_.empty()) found.place = {files_.back(), at_.number};
    std::size_t at = token.empty() ? std::string::npos : found.source_line.find(token);
    if (at != std::string::npos) {
        found.place.column = static_cast<unsigned>(at + 1);
        found.place.length = static_cast<unsigned>(token.size());
    }
    return found;
}

void Parser::error(std::string text, std::string_view token, std::string hint) {
    if (outcome_.problems.size() < max_problems) {
        outcome_.problems.push_back(
            problem(Problem::Severity::error, std::move(text), token, std::move(hint)));
    }
}

void Parser::warning(std::string text, std::string_view token, std::string hint) {
    if (outcome_.document.warnings.size() < max_problems) {
        outcome_.document.warnings.push_back(
            problem(Problem::Severity::warning, std::move(text), token, std::move(hint)));
    }
}

void Parser::obsolete(const std::string& text, std::string_view token) {
    if (!std::exchange(obsolete_noted_, true)) {
        outcome_.document.warnings.push_back(
            {Problem::Severity::warning,
             "NOTE: You can get a new clean config file with: doveconf -Pn > dovecot-new.conf"});
    }
    warning("Obsolete setting in " + files_.back() + ":" + std::to_string(at_.number) + ": " + text,
            token);
}

void Parser::file(const std::string& path, const Place& from, bool must_exist) {
    auto complain = [&](const std::string& text) {
        Problem found{Problem::Severity::error, text, {}, from, std::string(at_.source_line)};
        outcome_.problems.push_back(std::move(found));
    };
    if (std::find(files_.begin(), files_.end(), path) != files_.end())
        return complain("Recursive include file: " + path);
    if (files_.size() >= max_include_depth)
        return complain("Too many nested include files: " + path);
    if (++files_read_ > max_included_files) return complain("Too many include files: " + path);
    std::optional<std::string> bytes;
    int error = ENOENT;
    try {
        bytes = base::read_file(path, max_file_bytes);
    } catch (const std::system_error& failure) {
        error = failure.code().value();
    }
    if (bytes) return text(*bytes, path);
    if (!must_exist) return;
    complain(files_.empty()
                 ? "open(" + path + ") failed: " + base::error_text(error)
                 : "Couldn't open include file " + path + ": " + base::error_text(error));
}

void Parser::text(std::string_view text, const std::string& name) {
    files_.push_back(name);
    Line outer = at_;
    for_each_line(text, [this](const Line& one) {
        at_ = one;
        line(one);
        return outcome_.problems.size() < max_problems;
    });
    at_ = outer;
    files_.pop_back();
}

void Parser::finish() {
    at_ = {};
    for (std::size_t i = open_.size() - 1; i > 0; --i) {
        const Place& place = open_[i].place;
        Problem found{Problem::Severity::error, "Missing '}' (section started at " + place.file +
                                                    ":" + std::to_string(place.line) + ")"};
        found.place.file = place.file;
        outcome_.problems.push_back(std::move(found));
    }
}

void Parser::line(const Line& one) {
    if (one.text.size() > max_line_bytes) return error("Line too long");
    if (one.ambiguous_comment) {
        warning(
            "Ambiguous '#' character in line, treating it as comment. Add a space before it to "
            "remove this warning.",
            "#");
    }
    std::string_view rest = one.text;
    std::size_t key_end = std::min(rest.find_first_of(" \t="), rest.size());
    std::string_view key = rest.substr(0, key_end);
    rest = base::trim(rest.substr(key_end));
    if (key == "!include" || key == "!include_try") return include(rest, key == "!include");
    if (rest.starts_with('=')) return assign(key, base::trim(rest.substr(1)));
    if (key == "}" && rest.empty()) return close_block();
    if (key == "{" || rest.empty() || rest.back() != '{') {
        std::size_t brace = rest.find('{');
        if (brace != std::string_view::npos && key != "}")
            return error("Garbage after '{'", rest.substr(brace + 1));
        return error("Expecting '{'", key, hint(key));
    }
    open_block(key, base::trim(rest.substr(0, rest.size() - 1)));
}

void Parser::include(std::string_view pattern, bool must_match) {
    bool quoted = false;
    std::string wanted = unquote(pattern, quoted);
    auto paths = matching_files(wanted, files_.back());
    if (!paths) return error("glob() failed for include file " + wanted, pattern);
    // An existing but unreadable directory gives no match either; Dovecot says the same.
    if (paths->empty() && must_match) return error("No matches", pattern);
    Place here{files_.back(), at_.number};
    for (const std::string& path : *paths)
        file(path, here, must_match);
}

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
        open_.push_back({.group = open_.back().group, .place = {files_.back(), at_.number}});
        open_.back().old_auth = true;
        return;
    }
    const Section* section = find_section(inside ? inside->inner : top_sections(), type);
    if (section) return open_section(*section, name);
    bool strings = inside && inside->naming == Section::Naming::strings;
    std::string word(type);
    error(strings ? "Section not allowed here"
                  : "Unknown setting: " + open_path() + word + " { " + word,
          type, strings ? std::string() : hint(type));
    // Its content is walked with the errors that it would give anywhere.
    open_.push_back(open_.back());
    open_.back().place = {files_.back(), at_.number};
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
    Open next{.group = open_.back().group, .place = {files_.back(), at_.number}};
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

void Parser::open_section(const Section& section, const std::string& name) {
    Open next{open_.back().group,
              &section,
              open_.back().path + std::string(section.type) + path_separator,
              {files_.back(), at_.number}};
    if (name.empty() && section.type == "service") error("service is missing name", section.type);
    if (section.naming == Section::Naming::unique_name && !name.empty()) {
        next.path += name + path_separator;
    } else if (section.naming != Section::Naming::strings) {
        // Each block is an entry of its own; its number keeps the order of the files.
        char number[16];
        std::snprintf(number, sizeof number, "#%06zu", ++list_entries_);
        next.path += std::string(number) + path_separator;
    }
    group().open(next.path);
    bool old_auth = open_.back().old_auth;
    open_.push_back(std::move(next));
    if (section.naming == Section::Naming::list && !name.empty()) {
        std::string type(section.type);
        if (old_auth) {
            obsolete(
                type + " " + name + " {} has been replaced by " + type + " { driver=" + name + " }",
                name);
            return store(open_.back().path + "driver", find_setting(section.keys, "driver"),
                         {name, name, name, true});
        }
        store(open_.back().path + "name", nullptr, {name, name, name, true});
    }
}

void Parser::close_block() {
    if (open_.size() == 1) return error("Unexpected '}'", "}");
    open_.pop_back();
}

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
        std::string inside = open_.back().path + std::string(name);
        auto known = value_so_far(name == key ? inside : std::string(name), which);
        if (!known && open_.back().section) known = value_so_far(inside, which);
        if (!known) error("Unknown variable: $" + std::string(name), name, hint(name));
        return known;
    });
}

void Parser::assign(std::string_view key, std::string_view written) {
    if (key.empty()) return error("Expecting a setting's name before '='", "=");
    Value value{.written = written};
    value.text = unquote(written, value.quoted);
    value.shown = value.text;
    if (!value.quoted && value.text.find('$') != std::string::npos) {
        auto shown = expand_dollars(value.text, key, Dollars::own_key_only);
        auto expanded = expand_dollars(value.text, key, Dollars::all);
        if (!expanded || !shown) return;
        value.text = std::move(*expanded);
        value.shown = std::move(*shown);
    }
    const Open& open = open_.back();
    if (!open.section) return assign_top(key, std::move(value));
    std::string path = open.path + std::string(key);
    if (open.section->naming == Section::Naming::strings) {
        return store(std::move(path), nullptr, std::move(value));
    }
    const Setting* setting = find_setting(open.section->keys, key);
    if (!setting) {
        return error("Unknown setting: " + open_path() + std::string(key), key,
                     hint(key, open.section->keys));
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
                "Auth settings not supported inside local/remote blocks: " + std::string(key), key);
        }
        std::vector<std::string> gone;
        std::string modern = modern_value(key, value.text, gone);
        for (const std::string& text : gone)
            obsolete(text, value.written);
        if (!gone.empty()) value.text = value.shown = modern;
        return store(std::string(key), setting, std::move(value));
    }
    if (auto replacement = replace_obsolete(key, value.text, group().condition.protocol)) {
        obsolete(replacement->warning, key);
        return apply_replacement(outcome_.document, *replacement, {files_.back(), at_.number});
    }
    error("Unknown setting: " + std::string(key), key, hint(key));
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
            return error(std::move(text), value.written.empty() ? setting->name : value.written,
                         std::move(hint));
        }
    }
    if (open_.back().group == 0) late_global(path);
    group().assign({std::move(path),
                    std::move(value.text),
                    std::move(value.shown),
                    from_file,
                    setting,
                    {files_.back(), at_.number}});
}

// A global setting after a filter that set the same key does not change it there (compat 1.1,
// warnings).
void Parser::late_global(const std::string& path) {
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
                path);
        return;
    }
}

}  // namespace

ParseOutcome parse_file(const std::string& path) {
    ParseOutcome outcome;
    outcome.document.path = path;
    Parser parser(outcome);
    parser.file(path, {}, true);
    parser.finish();
    return outcome;
}

ParseOutcome parse_text(std::string_view text, const std::string& name) {
    ParseOutcome outcome;
    outcome.document.path = name;
    Parser parser(outcome);
    parser.text(text, name);
    parser.finish();
    return outcome;
}

}  // namespace config
