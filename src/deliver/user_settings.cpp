// SPDX-License-Identifier: MIT
#include "deliver/user_settings.h"

#include "base/text.h"
#include "config/settings.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace deliver {
namespace {

using Variable = config::Variable;

// A number and the rest, trimmed and in lower case: "30 Secs" -> 30, "secs".
std::optional<std::pair<std::uint64_t, std::string>> number_and_unit(std::string_view text) {
    text = base::trim(text);
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = base::parse_number<std::uint64_t>(text.substr(0, end));
    if (!number) return std::nullopt;
    return std::pair{*number, base::to_lower(base::trim(text.substr(end)))};
}

std::optional<std::uint64_t> scaled(std::uint64_t number, std::uint64_t factor) {
    std::uint64_t result = 0;
    if (__builtin_mul_overflow(number, factor, &result)) return std::nullopt;
    return result;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto parsed = number_and_unit(text);
    if (!parsed) return std::nullopt;
    const auto& [number, unit] = *parsed;
    if (unit.empty() || unit == "b") return number;
    const std::size_t power = std::string_view("kmgt").find(unit[0]);
    const std::string_view rest = std::string_view(unit).substr(1);
    if (power == std::string_view::npos ||
        !(rest.empty() || rest == "i" || rest == "ib" || rest == "b"))
        return std::nullopt;
    return scaled(number, std::uint64_t{1} << (10 * (power + 1)));
}

std::optional<std::uint64_t> parse_seconds(std::string_view text) {
    const auto parsed = number_and_unit(text);
    if (!parsed) return std::nullopt;
    const auto& [number, unit] = *parsed;
    if (unit.empty()) return number;  // Pigeonhole takes seconds where no unit is given
    constexpr std::array<std::pair<std::string_view, unsigned>, 5> units{
        {{"seconds", 1}, {"minutes", 60}, {"hours", 3600}, {"days", 86400}, {"weeks", 604800}}};
    for (const auto& [name, seconds] : units)
        if (name.starts_with(unit) || (unit == "secs" && seconds == 1) ||
            (unit == "mins" && seconds == 60))
            return scaled(number, seconds);
    return std::nullopt;
}

std::optional<bool> parse_bool(std::string_view text) {
    const std::string value = base::to_lower(base::trim(text));
    if (value == "yes" || value == "y" || value == "1" || value == "true") return true;
    if (value == "no" || value == "n" || value == "0" || value == "false") return false;
    return std::nullopt;
}

template <typename Parse>
auto typed(const UserSettings& settings, std::string_view key, std::string_view type, Parse parse)
    -> decltype(parse(std::string_view())) {
    const auto text = settings.plugin(key);
    if (!text || base::trim(*text).empty()) return std::nullopt;
    auto value = parse(*text);
    if (!value)
        settings.log.warning("sieve: Invalid " + std::string(type) + " value for " +
                             std::string(key) + ": " + *text + "; the default is used");
    return value;
}

config::Variables mail_variables(const SettingsSource& source, const user::User& user,
                                 const Envelope& envelope) {
    config::Variables variables = source.process_variables;
    config::add_user(variables, user.name);
    auto& values = variables.values;
    values.push_back({'s', "service", std::string(service_name(source.protocol))});
    values.push_back({'h', "home", user.home});
    values.push_back({'r', "rip", envelope.remote_address});
    values.push_back({'\0', "remote_ip", envelope.remote_address});
    values.push_back({'l', "lip", {}});
    values.push_back({'\0', "local_ip", {}});
    values.push_back({'\0', "session", envelope.session});
    values.push_back({'\0', "auth_user", user.name});
    const std::size_t at = user.name.find('@');
    values.push_back({'\0', "auth_username", user.name.substr(0, at)});
    values.push_back(
        {'\0', "auth_domain", at == std::string::npos ? std::string() : user.name.substr(at + 1)});
    if (user.uid) values.push_back({'i', "uid", std::to_string(*user.uid)});
    if (user.gid) values.push_back({'\0', "gid", std::to_string(*user.gid)});
    return variables;
}

store::FsyncMode fsync_mode(config::Fsync fsync) {
    switch (fsync) {
        case config::Fsync::optimized:
            return store::FsyncMode::optimized;
        case config::Fsync::always:
            return store::FsyncMode::always;
        case config::Fsync::never:
            return store::FsyncMode::never;
    }
    return store::FsyncMode::optimized;
}

store::NamespaceSettings namespace_settings(const UserSettings& settings,
                                            const config::Namespace& block) {
    store::NamespaceSettings result;
    result.name = block.name;
    result.prefix = settings.expand(block.prefix, "namespace prefix");
    result.separator = block.separator;
    result.location = settings.expand(block.location, "namespace location");
    result.inbox = block.inbox;
    result.subscriptions = block.subscriptions;
    result.disabled = block.disabled;
    result.listed = block.list != "no";
    for (const config::Mailbox& mailbox : block.mailboxes) {
        if (mailbox.autocreate == "create") result.auto_create.push_back(mailbox.name);
        if (mailbox.autocreate == "subscribe") result.auto_subscribe.push_back(mailbox.name);
        store::SpecialUse special{mailbox.name, {}};
        for (const std::string_view use : base::split(mailbox.special_use, ' '))
            if (!use.empty()) special.uses.emplace_back(use);
        if (!special.uses.empty()) result.special_uses.push_back(std::move(special));
    }
    return result;
}

// quota, quota2, ... = maildir:NAME, and the plugin loaded.
bool has_maildir_quota(const config::Settings& config) {
    if (!config.has_plugin("quota")) return false;
    return std::any_of(config.plugin.begin(), config.plugin.end(), [](const auto& row) {
        const std::string& name = row.first;
        const bool is_root =
            name.starts_with("quota") && name.find_first_not_of("0123456789", 5) == name.npos;
        return is_root && (row.second == "maildir" || row.second.starts_with("maildir:"));
    });
}

store::StorageSettings storage_settings(const UserSettings& settings, const user::User& user) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const config::Settings& config = *settings.config;
    store::StorageSettings storage;
    storage.home = settings.home;
    storage.mail_location =
        settings.expand(user.mail.empty() ? config.mail_location : user.mail, "mail_location");
    for (const config::Namespace& block : config.namespaces)
        storage.namespaces.push_back(namespace_settings(settings, block));
    storage.fsync = fsync_mode(config.mail_fsync);
    storage.save_crlf = config.mail_save_crlf;
    storage.autocreate = config.lda_mailbox_autocreate;
    storage.autosubscribe = config.lda_mailbox_autosubscribe;
    storage.quota_file = has_maildir_quota(config);
    const std::string annotations =
        settings.expand(config.mail_attribute_dict, "mail_attribute_dict");
    if (annotations.starts_with("file:")) storage.annotations_file = annotations.substr(5);
    storage.temp_scan_interval = duration_cast<seconds>(config.mail_temp_scan_interval);
    if (config.mail_max_lock_timeout.count() > 0)
        storage.lock_times.wait = duration_cast<seconds>(config.mail_max_lock_timeout);
    return storage;
}

}  // namespace

std::string_view service_name(Protocol protocol) {
    switch (protocol) {
        case Protocol::lda:
            return "lda";
        case Protocol::lmtp:
            return "lmtp";
    }
    return {};
}

std::string UserSettings::expand(std::string_view text, std::string_view what) const {
    if (text.find('%') == std::string_view::npos) return std::string(text);
    auto expanded = config::expand(text, variables);
    if (!expanded) throw std::invalid_argument(std::string(what) + ": " + expanded.error());
    return std::move(expanded).value();
}

std::optional<std::string> UserSettings::plugin_text(std::string_view key) const {
    const auto found = config->plugin.find(std::string(key));
    if (found == config->plugin.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> UserSettings::plugin(std::string_view key) const {
    const auto found = config->plugin.find(std::string(key));
    if (found == config->plugin.end()) return std::nullopt;
    return expand(found->second, key);
}

std::optional<bool> UserSettings::plugin_bool(std::string_view key) const {
    return typed(*this, key, "boolean", parse_bool);
}
std::optional<std::uint64_t> UserSettings::plugin_number(std::string_view key) const {
    return typed(*this, key, "number", [](std::string_view text) {
        return base::parse_number<std::uint64_t>(base::trim(text));
    });
}
std::optional<std::uint64_t> UserSettings::plugin_size(std::string_view key) const {
    return typed(*this, key, "size", parse_size);
}
std::optional<std::chrono::seconds> UserSettings::plugin_time(std::string_view key) const {
    return typed(*this, key, "time", [](std::string_view text) {
        const auto count = parse_seconds(text);
        return count ? std::optional(std::chrono::seconds(*count)) : std::nullopt;
    });
}

std::shared_ptr<const UserSettings> make_user_settings(const SettingsSource& source,
                                                       user::User& user, const Envelope& envelope) {
    auto settings = std::make_shared<UserSettings>();
    settings->config = source.config;
    settings->hostname = source.hostname;
    settings->variables = mail_variables(source, user, envelope);
    if (user.home.empty() && !source.config->mail_home.empty()) {
        user.home = settings->expand(source.config->mail_home, "mail_home");
        settings->variables = mail_variables(source, user, envelope);
    }
    if (!user.home.empty() && user.home.front() != '/')
        throw std::invalid_argument("Relative home directory paths not supported: " + user.home);
    settings->home = user.home;
    settings->log =
        base::Log(config::expand_label(source.config->mail_log_prefix, settings->variables));
    settings->storage = storage_settings(*settings, user);
    settings->postmaster =
        settings->expand(source.config->postmaster_address, "postmaster_address");
    settings->sieve =
        source.config->has_plugin("sieve") && settings->plugin_bool("sieve_enabled").value_or(true);
    return settings;
}

}  // namespace deliver
