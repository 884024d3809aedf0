// SPDX-License-Identifier: MIT
#include "config/remark.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/check.h"
#include "config/limits.h"
#include "config/spelling.h"
#include "config/unheeded.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace config {
namespace {

const std::string plugin_prefix = std::string("plugin") + path_separator;

void warn(Problems& problems, const Place& place, std::string text, std::string hint = {}) {
    if (problems.size() >= max_problems) return;
    problems.push_back({Problem::Severity::warning, std::move(text), std::move(hint), place});
}

void warn(Problems& problems, const Assignment& at, std::string text, std::string hint = {}) {
    warn(problems, at.value_place(), std::move(text), std::move(hint));
}

std::vector<std::string_view> plugin_names() {
    std::vector<std::string_view> names;
    for (const Setting& row : mail_plugin_names)
        names.push_back(row.name);
    return names;
}

// The plugin {} values of a group whose names are `stem`, `stem`2, `stem`3, in that order.
std::vector<const Assignment*> numbered(const Group& group, std::string_view stem) {
    std::vector<const Assignment*> found;
    for (unsigned number = 1;; ++number) {
        std::string name(stem);
        if (number > 1) name += std::to_string(number);
        const Assignment* one = group.find(plugin_prefix + name);
        if (!one) return found;
        found.push_back(one);
    }
}

// "storage=95%% ..." -> 95. Nothing for other forms, and for "-..." (when usage falls).
std::optional<unsigned> warning_percent(std::string_view value, std::string_view& resource) {
    std::size_t sign = value.find('=');
    if (sign == std::string_view::npos || value.starts_with('-')) return std::nullopt;
    resource = value.substr(0, sign);
    value.remove_prefix(sign + 1);
    std::size_t end = value.find_first_not_of("0123456789");
    if (end == std::string_view::npos || value[end] != '%') return std::nullopt;
    return base::parse_number<unsigned>(value.substr(0, end));
}

// Only the first warning that is crossed runs, so a low limit hides the higher ones behind it.
void quota_warnings(const Group& group, Problems& problems) {
    std::vector<std::pair<std::string_view, unsigned>> before;
    for (const Assignment* one : numbered(group, "quota_warning")) {
        std::string_view resource;
        auto percent = warning_percent(one->value, resource);
        if (!percent) continue;
        for (const auto& [other, lower] : before) {
            if (other != resource || lower > *percent) continue;
            warn(problems, *one,
                 "this warning at " + std::to_string(*percent) +
                     "% never runs: only the first "
                     "crossed one does, and the one at " +
                     std::to_string(lower) + "% stands before it",
                 "write the highest limit first");
            break;
        }
        before.emplace_back(resource, *percent);
    }
}

void quota_rules(const Group& group, Problems& problems) {
    for (const Assignment& one : group.assignments) {
        if (!one.path.starts_with(plugin_prefix + "quota")) continue;
        if (one.value.ends_with('%') && !one.value.ends_with("%%")) {
            warn(problems, one, "a single % at the end disappears when the value is expanded",
                 "write %%");
        }
    }
}

void sieve_values(const Group& group, Problems& problems) {
    if (const Assignment* one = group.find(plugin_prefix + "global_script_path")) {
        warn(problems, *one, "global_script_path has no effect",
             "the script of users without one is sieve_default (old name: sieve_global_path)");
    }
    const Assignment* sender = group.find(plugin_prefix + "sieve_redirect_envelope_from");
    if (sender && base::iequals(base::trim(sender->value), "sender")) {
        warn(problems, *sender,
             "redirected mail keeps its sender, so a next hop that checks SPF may refuse it",
             "recipient, postmaster or <address> sends it in your own name");
    }
    for (std::string_view kind : {"pipe", "filter", "execute"}) {
        std::string prefix = plugin_prefix + "sieve_" + std::string(kind);
        const Assignment* directory = group.find(prefix + "_bin_dir");
        if (directory && directory->value.starts_with('/') &&
            directory->value.find('%') == std::string::npos &&
            ::access(directory->value.c_str(), F_OK) != 0) {
            warn(problems, *directory,
                 "directory does not exist, so every " + std::string(kind) + " fails");
        }
        const Assignment* extensions = group.find(plugin_prefix + "sieve_extensions");
        if (!extensions) extensions = group.find(plugin_prefix + "sieve_global_extensions");
        if (!extensions ||
            extensions->value.find("vnd.dovecot." + std::string(kind)) == std::string::npos)
            continue;
        const Assignment* plugins = group.find(plugin_prefix + "sieve_plugins");
        if (!plugins || plugins->value.find("sieve_extprograms") == std::string::npos) {
            warn(problems, *extensions,
                 "vnd.dovecot." + std::string(kind) + " needs sieve_plugins = sieve_extprograms");
        } else if (!directory && !group.find(prefix + "_socket_dir")) {
            warn(problems, *extensions,
                 "vnd.dovecot." + std::string(kind) + " is on, but no program can be run",
                 "set sieve_" + std::string(kind) + "_bin_dir or _socket_dir");
        }
    }
}

// Numbered names end at the first gap.
void gaps(const Group& group, Problems& problems) {
    for (std::string_view stem : {"sieve_before", "sieve_after", "quota_rule", "quota_warning"}) {
        std::size_t used = numbered(group, stem).size();
        for (const Assignment& one : group.assignments) {
            std::string_view name = one.path;
            if (!name.starts_with(plugin_prefix + std::string(stem))) continue;
            std::string_view digits = name.substr(plugin_prefix.size() + stem.size());
            auto number = base::parse_number<unsigned>(digits.empty() ? "1" : digits);
            if (!number || *number <= std::max<std::size_t>(used, 1)) continue;
            warn(problems, one,
                 std::string(name.substr(plugin_prefix.size())) +
                     " is not looked at: the numbers before it have a gap",
                 "the first is " + std::string(stem) + ", the next " + std::string(stem) + "2");
        }
    }
}

// An LDAP file that restricts users for delivery but not for log-in (compat 13).
void ldap_filters(const Group& group, Problems& problems) {
    std::vector<std::string> seen;
    for (const Assignment& one : group.assignments) {
        auto parts = base::split(one.path, path_separator);
        if (parts.size() != 3 || parts[2] != "args") continue;
        const Assignment* driver = group.find(std::string(parts[0]) + path_separator +
                                              std::string(parts[1]) + path_separator + "driver");
        if (!driver || driver->value != "ldap") continue;
        if (std::find(seen.begin(), seen.end(), one.value) != seen.end()) continue;
        seen.push_back(one.value);
        try {
            struct stat status {};
            bool regular = ::stat(one.value.c_str(), &status) == 0 && S_ISREG(status.st_mode) != 0;
            auto text = regular ? base::read_file(one.value, max_file_bytes) : std::nullopt;
            if (!text) {
                warn(problems, one, one.value + " does not exist");
                continue;
            }
            bool user = false, pass = false;
            for (std::string_view line : base::split(*text, '\n')) {
                line = base::trim(line);
                user = user || line.starts_with("user_filter");
                pass = pass || line.starts_with("pass_filter");
            }
            if (user && !pass) {
                warn(problems, one,
                     one.value +
                         " sets user_filter and no pass_filter: users that get no mail "
                         "any more may still log in",
                     "give pass_filter the same condition");
            }
        } catch (const std::system_error&) {
            warn(problems, one, one.value + " cannot be read here, so it was not looked at");
        }
    }
}

}  // namespace

void remark_on_combinations(const Document& document, Problems& problems) {
    for (const Group& group : document.groups) {
        quota_warnings(group, problems);
        quota_rules(group, problems);
        sieve_values(group, problems);
        gaps(group, problems);
    }
    for (Problem& one : unreadable_files(document)) {
        if (problems.size() >= max_problems) break;
        one.severity = Problem::Severity::warning;
        one.hint = "programs that use this setting will not start";
        problems.push_back(std::move(one));
    }
    ldap_filters(document.groups.front(), problems);
}

// compat 1.1, "key = <path": opened when it is used, so its absence shows late.
Problems unreadable_files(const Document& document) {
    Problems problems;
    for (const Group& group : document.groups) {
        for (const Assignment& one : group.assignments) {
            if (!one.from_file) continue;
            std::string path = one.value.substr(1);
            if (::access(path.c_str(), R_OK) == 0) continue;
            std::string text = ": Can't open file " + path + ": " + base::error_text(errno);
            std::string key = one.path;
            std::replace(key.begin(), key.end(), path_separator, '/');
            problems.push_back({Problem::Severity::error, key + text, {}, one.value_place()});
        }
    }
    return problems;
}

Problems remarks(const Document& document, std::string_view protocol) {
    Problems problems;
    for (const Unheeded& one : unheeded(document, protocol)) {
        if (!one.setting) {
            warn(problems, one.place,
                 one.in_plugin ? "Unknown setting in plugin {}: " + one.name +
                                     " (effect: none, handed to plugins that read it)"
                               : "Unknown plugin: " + one.name + " (effect: none)",
                 problems.size() >= max_hints ? std::string()
                 : one.in_plugin              ? spelling_hint_in_plugin(one.name)
                                              : spelling_hint_among(one.name, plugin_names()));
            continue;
        }
        switch (one.setting->effect) {
            case Effect::acts:
                break;
            case Effect::later:
                warn(problems, one.place,
                     one.name + " is accepted, but nothing acts on it yet (effect: later)");
                break;
            case Effect::later_delivery:
                warn(problems, one.place,
                     one.name +
                         " is accepted, but nothing acts on it yet: mail is delivered without it "
                         "(effect: later)");
                break;
            case Effect::none:
                warn(problems, one.place,
                     one.name + " is accepted, but has no effect here (effect: none)");
                break;
        }
    }
    remark_on_combinations(document, problems);
    if (problems.size() == max_problems) {
        problems.push_back(
            {Problem::Severity::warning,
             "More than " + std::to_string(max_problems) + " remarks: the rest is not shown"});
        problems.back().place.file = document.path;
    }
    return problems;
}

}  // namespace config
