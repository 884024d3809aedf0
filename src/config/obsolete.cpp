// SPDX-License-Identifier: MIT
#include "config/obsolete.h"

#include "base/text.h"

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
    {"login_user", "default_login_user", "has been renamed to default_login_user"},
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
    {"imap_zlib_compress_level", "", "has been renamed to imap_compress_deflate_level"},
};

std::string service_of(std::string_view kind, std::string_view protocol) {
    std::string service(protocol.empty() ? "imap" : protocol);
    if (service == "sieve") service = "managesieve";
    return kind == "login" ? service + "-login" : service;
}

}  // namespace

std::optional<Replacement> replace_obsolete(std::string_view key, std::string_view value,
                                            std::string_view protocol) {
    if (key == "ssl_disable") {
        return Replacement{"ssl_disable has been renamed to ssl", "ssl",
                           value == "yes" ? "no" : "yes"};
    }
    if (key == "fsync_disable") {
        return Replacement{"fsync_disable has been renamed to mail_fsync", "mail_fsync",
                           value == "yes" ? "never" : "optimized"};
    }
    for (const Row& row : rows) {
        if (row.old_name != key) continue;
        Replacement replacement{std::string(key) + " " + std::string(row.text),
                                std::string(row.new_name), std::string(value)};
        if (std::size_t colon = row.new_name.find(':'); colon != std::string_view::npos) {
            replacement.path = "service/" + service_of(row.new_name.substr(0, colon), protocol) +
                               "/" + std::string(row.new_name.substr(colon + 1));
        }
        if (row.text.ends_with("<file")) replacement.value = "<" + replacement.value;
        return replacement;
    }
    return std::nullopt;
}

std::string modern_protocols(std::string_view value, std::string& warning) {
    std::string kept;
    for (std::string_view word : base::words(value)) {
        if (word == "imaps" || word == "pop3s") {
            warning = "'" + std::string(word) + "' protocol is no longer necessary, remove it";
            continue;
        }
        if (word == "managesieve") {
            warning = "protocols=managesieve has been renamed to protocols=sieve";
            word = "sieve";
        }
        if (!kept.empty()) kept += ' ';
        kept.append(word);
    }
    return kept;
}

}  // namespace config
