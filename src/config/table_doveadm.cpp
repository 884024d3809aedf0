// SPDX-License-Identifier: MIT
// Known settings: doveadm, dsync, statistics and the rest. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"dict_db_config", Type::text, "", "", Effect::later,
     "Berkeley DB config"},
    {"doveadm_allowed_commands", Type::text, "", "", Effect::later,
     "empty = all"},
    {"doveadm_api_key", Type::text, "", "", Effect::later,
     "HTTP API key"},
    {"doveadm_password", Type::text, "", "", Effect::later,
     "doveadm TCP auth"},
    {"doveadm_port", Type::number, "0", "", Effect::later,
     "0 = must be in -S"},
    {"doveadm_socket_path", Type::text, "doveadm-server", "", Effect::later,
     "-S default: socket of doveadm-server; may be host:port"},
    {"doveadm_ssl", Type::one_of, "no", "no ssl starttls", Effect::later,
     "no, ssl, starttls"},
    {"doveadm_username", Type::text, "doveadm", "", Effect::later,
     "user name for doveadm's TCP connections"},
    {"doveadm_worker_count", Type::number, "0", "", Effect::later,
     ">0: run through doveadm-server in parallel"},
    {"dsync_features", Type::text, "", "", Effect::later,
     "workarounds of dsync"},
    {"dsync_hashed_headers", Type::text, "Date Message-ID", "", Effect::later,
     "headers by which dsync tells messages apart"},
    {"dsync_remote_cmd", Type::text, "ssh -l%{login} %{host} doveadm dsync-server -u%u -U", "", Effect::later,
     "for -R ssh: style"},
    {"mbox_read_locks", Type::text, "fcntl", "", Effect::later,
     "mbox only"},
    {"mbox_write_locks", Type::text, "fcntl dotlock", "", Effect::later,
     "mbox only"},
    {"old_stats_carbon_interval", Type::time, "30 secs", "", Effect::later,
     "old statistics: send to Carbon every"},
    {"old_stats_carbon_name", Type::text, "", "", Effect::later,
     "old statistics: name at Carbon"},
    {"old_stats_carbon_server", Type::text, "", "", Effect::later,
     "old statistics: host of Carbon"},
    {"old_stats_command_min_time", Type::time, "1 mins", "", Effect::later,
     "old statistics: keep commands for"},
    {"old_stats_domain_min_time", Type::time, "12 hours", "", Effect::later,
     "old statistics: keep domains for"},
    {"old_stats_ip_min_time", Type::time, "12 hours", "", Effect::later,
     "old statistics: keep addresses for"},
    {"old_stats_memory_limit", Type::size, "16 M", "", Effect::later,
     "old statistics: memory"},
    {"old_stats_session_min_time", Type::time, "15 mins", "", Effect::later,
     "old statistics: keep sessions for"},
    {"old_stats_user_min_time", Type::time, "1 hours", "", Effect::later,
     "old statistics: keep users for"},
    {"stats_http_rawlog_dir", Type::text, "", "", Effect::later,
     "raw log of the statistics' HTTP server"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> doveadm_settings = rows;

}  // namespace config
