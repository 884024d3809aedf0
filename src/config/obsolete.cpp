// SPDX-License-Identifier: MIT
#include "config/obsolete.h"

#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

namespace config {
namespace {

struct Row {
    std::string_view old_name;
    std::string_view new_name;  // "" = gone; "service:KEY" = that key of the protocol's service(s)
    std::string_view text;      // what follows the old name in the warning
};

constexpr Row rows[] = {
    {"login_executable", "login:executable", "has been replaced by service { executable }"},
    {"login_max_connections", "login:client_limit",
     "has been replaced by service { client_limit }"},
    {"login_max_processes_count", "login:process_limit",
     "has been replaced by service { process_limit }"},
    {"login_process_size", "login:vsz_limit", "has been replaced by service { vsz_limit }"},
    {"login_processes_count", "login:process_min_avail",
     "has been replaced by service { process_min_avail }"},
    {"mail_executable", "mail:executable", "has been replaced by service { executable }"},
    {"mail_process_size", "mail:vsz_limit", "has been replaced by service { vsz_limit }"},
    {"max_mail_processes", "mail:process_limit", "has been replaced by service { process_limit }"},
    {"login_user", "login:user", "has been replaced by service { user }"},
    {"ssl_cert_file", "ssl_cert", "has been replaced by ssl_cert = <file"},
    {"ssl_key_file", "ssl_key", "has been replaced by ssl_key = <file"},
    {"ssl_ca_file", "ssl_ca", "has been replaced by ssl_ca = <file"},
    {"ssl_dh_parameters_length", "", "is no longer needed"},
    {"ssl_parameters_regenerate", "", "is no longer needed"},
    {"ssl_protocols", "", "has been replaced by ssl_min_protocol"},
    {"sieve", "plugin/sieve", "has been moved into plugin {} section"},
    {"sieve_storage", "plugin/sieve_dir", "has been moved into plugin {} section"},
    {"maildir_copy_preserve_filename", "", "has been removed"},
    {"mail_log_max_lines_per_sec", "", "has been removed"},
    {"dbox_rotate_days", "", "has been removed"},
    {"dbox_rotate_size", "mdbox_rotate_size", "has been renamed to mdbox_rotate_size"},
    {"mail_cache_compress_continued_percentage", "mail_cache_purge_continued_percentage",
     "has been renamed to mail_cache_purge_continued_percentage"},
    {"mail_cache_compress_delete_percentage", "mail_cache_purge_delete_percentage",
     "has been renamed to mail_cache_purge_delete_percentage"},
    {"mail_cache_compress_header_continue_count", "mail_cache_purge_header_continue_count",
     "has been renamed to mail_cache_purge_header_continue_count"},
    {"mail_cache_compress_min_size", "mail_cache_purge_min_size",
     "has been renamed to mail_cache_purge_min_size"},
    {"auth_user", "service/auth/user", "has been replaced by service auth { user }"},
};

// The services of the protocol in whose block the key stands; at the top, of all that had the key.
std::vector<std::string> services_of(std::string_view kind, std::string_view protocol) {
    std::vector<std::string> services;
    for (std::string_view known : {"imap", "pop3", "sieve"}) {
        if (!protocol.empty() && protocol != known) continue;
        std::string service(known == "sieve" ? "managesieve" : known);
        services.push_back(kind == "login" ? service + "-login" : service);
    }
    return services;
}

}  // namespace

std::optional<Replacement> replace_obsolete(std::string_view key, std::string_view value,
                                            std::string_view protocol) {
    if (key == "ssl_disable") {
        return Replacement{
            "ssl_disable has been renamed to ssl", {"ssl"}, value == "yes" ? "no" : "yes"};
    }
    if (key == "fsync_disable") {
        return Replacement{"fsync_disable has been renamed to mail_fsync",
                           {"mail_fsync"},
                           value == "yes" ? "never" : "optimized"};
    }
    if (key == "login_process_per_connection") {
        Replacement replacement{
            "login_process_per_connection has been replaced by service { service_count }",
            {},
            value == "yes" ? "1" : "0"};
        for (const std::string& service : services_of("login", protocol))
            replacement.paths.push_back("service/" + service + "/service_count");
        return replacement;
    }
    for (const Row& row : rows) {
        if (row.old_name != key) continue;
        Replacement replacement{
            std::string(key) + " " + std::string(row.text), {}, std::string(value)};
        std::size_t colon = row.new_name.find(':');
        if (colon != std::string_view::npos) {
            for (const std::string& service : services_of(row.new_name.substr(0, colon), protocol))
                replacement.paths.push_back("service/" + service + "/" +
                                            std::string(row.new_name.substr(colon + 1)));
        } else if (!row.new_name.empty()) {
            replacement.paths.emplace_back(row.new_name);
        }
        // Megabytes, then.
        if (key.ends_with("_process_size") && base::parse_number<std::uint64_t>(value))
            replacement.value += " M";
        if (row.text.ends_with("<file")) replacement.value = "<" + replacement.value;
        return replacement;
    }
    return std::nullopt;
}

void apply_replacement(Document& document, const Replacement& replacement, const Place& place) {
    Group& global = document.groups.front();
    for (std::string path : replacement.paths) {
        // No name of a section in the table holds a '/', so each one here separates.
        std::replace(path.begin(), path.end(), '/', path_separator);
        std::size_t last = path.rfind(path_separator);
        const Setting* setting = find_setting(path);
        if (last != std::string::npos) {
            global.open(path.substr(0, last + 1));
            if (path.starts_with("service"))
                setting = find_setting(find_section(top_sections(), "service")->keys,
                                       std::string_view(path).substr(last + 1));
        }
        bool from_file = replacement.value.starts_with('<');
        global.assign({path, replacement.value, replacement.value, from_file, setting, place});
    }
}

std::string modern_value(std::string_view key, std::string_view value,
                         std::vector<std::string>& warnings) {
    if (key == "auth_cache_size") {
        auto bytes = base::parse_number<std::uint64_t>(value);
        if (!bytes || *bytes == 0 || *bytes >= 1024) return std::string(value);
        std::string better = std::string(value) + "M";
        warnings.push_back("auth_cache_size value no longer defaults to megabytes. Use " + better);
        return better;
    }
    bool is_protocols = key == "protocols";
    if (!is_protocols && key != "imap_client_workarounds") return std::string(value);
    std::string kept;
    for (std::string_view word : base::words(value)) {
        std::string text(word);
        if (is_protocols && (word == "imaps" || word == "pop3s")) {
            warnings.push_back("'" + text + "' protocol is no longer necessary, remove it");
            continue;
        }
        if (!is_protocols && (word == "outlook-idle" || word == "netscape-eoh")) {
            warnings.push_back("imap_client_workarounds=" + text + " is no longer necessary");
            continue;
        }
        if (is_protocols && word == "managesieve") {
            warnings.emplace_back("protocols=managesieve has been renamed to protocols=sieve");
            text = "sieve";
        }
        kept.append(kept.empty() ? "" : " ").append(text);
    }
    // Untouched where nothing is gone: doveconf shows its spaces.
    return warnings.empty() ? std::string(value) : kept;
}

}  // namespace config
