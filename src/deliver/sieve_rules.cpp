// SPDX-License-Identifier: MIT
#include "deliver/sieve_rules.h"

#include "base/text.h"
#include "config/settings.h"
#include "deliver/user_settings.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <unistd.h>
#include <utility>

namespace deliver {
namespace {

unsigned limited(std::optional<std::uint64_t> setting, unsigned otherwise) {
    if (!setting) return otherwise;
    return static_cast<unsigned>(
        std::min<std::uint64_t>(*setting, std::numeric_limits<unsigned>::max()));
}

std::vector<std::string> cache_directories(const UserSettings& settings) {
    std::vector<std::string> directories;
    if (!settings.config->state_dir.empty())
        directories.push_back(settings.config->state_dir + "/sieve-cache/" +
                              std::to_string(::geteuid()));
    if (!settings.home.empty()) directories.push_back(settings.home + "/.cache/tamis/sieve");
    return directories;
}

void add_names(std::vector<std::string>& names, const std::optional<std::string>& words) {
    if (!words) return;
    for (std::string_view word : base::split(*words, ' '))
        if (!word.empty()) names.emplace_back(word);
}

sieve::EditRules edit_rules(const UserSettings& settings) {
    sieve::EditRules rules;
    if (const auto size = settings.plugin_size("sieve_editheader_max_header_size"))
        rules.max_header_bytes = std::max<std::size_t>(*size, 1024);
    add_names(rules.forbid_add, settings.plugin("sieve_editheader_forbid_add"));
    add_names(rules.forbid_delete, settings.plugin("sieve_editheader_forbid_delete"));
    for (std::vector<std::string>* names : {&rules.forbid_add, &rules.forbid_delete})
        add_names(*names, settings.plugin("sieve_editheader_protected"));
    return rules;
}

}  // namespace

LoadRules load_rules(const UserSettings& settings, sieve::Rights rights) {
    sieve::ExtensionSettings extensions;
    extensions.extensions = settings.plugin("sieve_extensions");
    extensions.global_extensions = settings.plugin("sieve_global_extensions").value_or("");
    extensions.implicit_extensions = settings.plugin("sieve_implicit_extensions").value_or("");
    LoadRules rules;
    rules.compile.extensions = sieve::resolve_extensions(extensions, rights);
    if (const auto size = settings.plugin_size("sieve_max_script_size"))
        rules.compile.max_script_bytes = *size;
    rules.cache_directories = cache_directories(settings);
    return rules;
}

sieve::RunSettings run_settings(const UserSettings& settings, std::string default_mailbox) {
    sieve::RunSettings run;
    run.max_actions = limited(settings.plugin_number("sieve_max_actions"), run.max_actions);
    run.max_redirects = limited(settings.plugin_number("sieve_max_redirects"), run.max_redirects);
    if (const auto time = settings.plugin_time("sieve_max_cpu_time"))
        run.max_cpu_seconds =
            limited(static_cast<std::uint64_t>(time->count()), run.max_cpu_seconds);
    if (const auto size = settings.plugin_size("sieve_variables_max_variable_size"))
        run.max_variable_bytes = std::max<std::size_t>(*size, 4000);
    if (const auto separators = settings.plugin("sieve_subaddress_sep"))
        run.recipient_delimiter = *separators;
    else
        run.recipient_delimiter =
            settings.plugin("recipient_delimiter").value_or(settings.config->recipient_delimiter);
    run.max_includes =
        limited(settings.plugin_number("sieve_include_max_includes"), run.max_includes);
    run.max_include_depth =
        limited(settings.plugin_number("sieve_include_max_nesting_depth"), run.max_include_depth);
    run.edit = edit_rules(settings);
    run.default_mailbox = std::move(default_mailbox);
    return run;
}

EnvironmentItems environment_items(const UserSettings& settings, std::string_view user,
                                   std::string_view default_mailbox) {
    EnvironmentItems items{{"name", "Pigeonhole Sieve"},
                           {"version", "0.5.19"},
                           {"location", "MS"},
                           {"phase", "post"},
                           {"host", settings.hostname},
                           {"vnd.dovecot.default-mailbox", std::string(default_mailbox)},
                           {"vnd.dovecot.username", std::string(user)}};
    // A host without a domain is one by itself.
    const std::size_t dot = settings.hostname.find('.');
    items["domain"] = settings.hostname.substr(dot == std::string::npos ? 0 : dot + 1);
    constexpr std::string_view prefix = "sieve_env_";
    for (const auto& [key, value] : settings.config->plugin)
        if (key.starts_with(prefix))
            items["vnd.dovecot.config." + base::to_lower(key.substr(prefix.size()))] =
                settings.plugin(key).value_or("");
    return items;
}

}  // namespace deliver
