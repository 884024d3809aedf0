// SPDX-License-Identifier: MIT
// The settings that hold for one user and one delivery protocol, with their %variables expanded
// (compat 2.2: the set of mail processes). Immutable; threads may share.
#pragma once

#include "base/log.h"
#include "config/variables.h"
#include "deliver/agent.h"
#include "store/storage.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace config {
struct Settings;
}

namespace deliver {

struct UserSettings {
    std::shared_ptr<const config::Settings> config;  // userdb fields applied
    config::Variables variables;
    std::string hostname;
    std::string home;   // absolute, or empty
    base::Log log{""};  // with mail_log_prefix
    store::StorageSettings storage;
    std::string postmaster;
    bool sieve = false;  // mail_plugins has it, and sieve_enabled is not "no"

    // Throws std::invalid_argument naming `what` for an unknown variable.
    std::string expand(std::string_view text, std::string_view what) const;
    // The plugin {} value, expanded; nothing where it isn't set.
    std::optional<std::string> plugin(std::string_view key) const;
    // The same as it is written, for values with percent signs of their own.
    std::optional<std::string> plugin_text(std::string_view key) const;
    // Typed: nothing where it isn't set; a bad value is logged as a warning and counts as not set.
    std::optional<bool> plugin_bool(std::string_view key) const;
    std::optional<std::uint64_t> plugin_number(std::string_view key) const;
    std::optional<std::uint64_t> plugin_size(std::string_view key) const;  // bytes
    std::optional<std::chrono::seconds> plugin_time(std::string_view key) const;
};

// What UserSettings are made from besides the user.
struct SettingsSource {
    std::shared_ptr<const config::Settings> config;
    config::Variables process_variables;  // config::add_process(), made once
    std::string hostname;
    Protocol protocol = Protocol::lda;
};

std::string_view service_name(Protocol protocol);

// Completes `user`: its home comes from mail_home where the userdb has none. Throws
// std::invalid_argument for what cannot work (a relative home, an unknown variable); its text is
// for the log.
std::shared_ptr<const UserSettings> make_user_settings(const SettingsSource& source,
                                                       user::User& user, const Envelope& envelope);

}  // namespace deliver
