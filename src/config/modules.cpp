// SPDX-License-Identifier: MIT
// Words are names; a '*' at a word's end stands for the rest. Found out by asking the peer.
#include "config/modules.h"

#include "base/text.h"

#include <algorithm>

namespace config {
namespace {

constexpr std::string_view every_service =
    "base_dir config_cache_size debug_log_path haproxy_timeout haproxy_trusted_networks "
    "import_environment info_log_path instance_name log_core_filter log_debug log_path "
    "log_timestamp process_shutdown_filter shutdown_clients state_dir stats_writer_socket_path "
    "syslog_facility verbose_proctitle version_ignore";
constexpr std::string_view user_ids =
    "first_valid_gid first_valid_uid last_valid_gid last_valid_uid";
constexpr std::string_view mail_users =
    "auth_socket_path dotlock_use_excl hostname imapc_* lock_method mail_access_groups "
    "mail_always_cache_fields mail_attachment_* mail_attribute_dict mail_cache_* mail_chroot "
    "mail_debug mail_fsync mail_full_filesystem_access mail_gid mail_home mail_location "
    "mail_log_prefix mail_max_keyword_length mail_max_lock_timeout mail_never_cache_fields "
    "mail_nfs_* mail_plugin_dir mail_plugins mail_prefetch_count mail_privileged_group "
    "mail_save_crlf mail_server_* mail_shared_explicit_inbox mail_sort_* mail_temp_* mail_uid "
    "mail_vsize_* mailbox_* maildir_* mbox_* mdbox_* mmap_disable pop3_deleted_flag "
    "pop3_uidl_format pop3c_* postmaster_address recipient_delimiter valid_chroot_dirs";
constexpr std::string_view log_ins =
    "auth_debug auth_ssl_* auth_verbose director_username_hash disable_plaintext_auth login_* "
    "mail_max_userip_connections";
constexpr std::string_view deliveries =
    "deliver_log_format lda_* quota_full_tempfail rejection_* sendmail_path submission_host "
    "submission_ssl submission_timeout";

struct Module {
    std::string_view name;
    std::string_view groups[3];  // of the above
    std::string_view own;
    std::string_view sections;
};
constexpr Module modules[] = {
    {"aggregator", {}, "replicator_host replicator_port", ""},
    {"auth",
     {user_ids},
     "auth_allow_weak_schemes auth_anonymous_username auth_cache_* auth_debug* auth_default_realm "
     "auth_failure_delay auth_gssapi_hostname auth_krb5_keytab auth_master_user_separator "
     "auth_mechanisms auth_policy_* auth_proxy_self auth_realms auth_ssl_* auth_stats "
     "auth_use_winbind auth_username_* auth_verbose* auth_winbind_helper_path "
     "auth_worker_max_count "
     "ssl_client_ca_dir ssl_client_ca_file",
     "passdb userdb"},
    {"dict", {}, "dict_db_config", "dict"},
    {"director", {}, "director_* master_user_separator", ""},
    {"doveadm",
     {user_ids, mail_users},
     "auth_debug director_username_hash doveadm_* dsync_* libexec_dir",
     "namespace plugin"},
    {"imap",
     {user_ids, mail_users},
     "imap_capability imap_client_workarounds imap_fetch_failure imap_hibernate_timeout "
     "imap_id_log "
     "imap_id_send imap_idle_notify_interval imap_literal_minus imap_logout_format "
     "imap_max_line_length imap_metadata imap_urlauth_host imap_urlauth_port rawlog_dir "
     "sendmail_path submission_host submission_ssl submission_timeout",
     "namespace plugin"},
    {"imap-login",
     {log_ins},
     "imap_capability imap_id_log imap_id_retain imap_id_send imap_literal_minus",
     ""},
    {"imap-urlauth", {}, "imap_urlauth_logout_format mail_debug", ""},
    {"lda", {user_ids, mail_users, deliveries}, "", "namespace plugin"},
    {"lmtp",
     {user_ids, mail_users, deliveries},
     "lmtp_* login_greeting login_trusted_networks",
     "namespace plugin"},
    {"login", {log_ins}, "", ""},
    {"mail", {user_ids, mail_users}, "", "namespace plugin"},
    {"managesieve",
     {user_ids, mail_users},
     "managesieve_client_workarounds managesieve_implementation_string managesieve_logout_format "
     "managesieve_max_* rawlog_dir",
     "namespace plugin"},
    {"managesieve-login",
     {log_ins},
     "managesieve_implementation_string managesieve_notify_capability managesieve_sieve_capability",
     ""},
    {"master",
     {user_ids},
     "default_client_limit default_idle_kill default_internal_* default_login_user "
     "default_process_limit default_vsz_limit libexec_dir listen protocols ssl",
     "service"},
    {"pop3",
     {user_ids, mail_users},
     "pop3_client_workarounds pop3_delete_type pop3_enable_last pop3_fast_size_lookups "
     "pop3_lock_session pop3_logout_format pop3_no_flag_updates pop3_reuse_xuidl pop3_save_uidl "
     "pop3_uidl_duplicates rawlog_dir",
     "namespace plugin"},
    {"pop3-login", {log_ins}, "", ""},
    {"replicator",
     {},
     "auth_socket_path doveadm_socket_path replication_dsync_parameters "
     "replication_full_sync_interval "
     "replication_max_conns",
     ""},
    {"ssl",
     {},
     "ssl ssl_ca ssl_cert_username_field ssl_cipher_list ssl_cipher_suites ssl_client_* "
     "ssl_crypto_device ssl_curve_list ssl_min_protocol ssl_options ssl_prefer_server_ciphers "
     "ssl_require_crl ssl_verify_client_cert verbose_ssl",
     ""},
    {"stats", {}, "old_stats_* stats_http_rawlog_dir", "metric event_exporter"},
    {"submission",
     {user_ids, mail_users},
     "imap_urlauth_host imap_urlauth_port login_greeting login_trusted_networks rawlog_dir "
     "submission_client_workarounds submission_logout_format submission_max_* submission_relay_*",
     "namespace plugin"},
};

bool holds(std::string_view words, std::string_view name) {
    auto all = base::words(words);
    return std::any_of(all.begin(), all.end(), [name](std::string_view word) {
        return word.ends_with('*') ? name.starts_with(word.substr(0, word.size() - 1))
                                   : name == word;
    });
}

const Module* find_module(std::string_view name) {
    auto found = std::find_if(std::begin(modules), std::end(modules),
                              [name](const Module& one) { return one.name == name; });
    return found == std::end(modules) ? nullptr : found;
}

}  // namespace

bool module_reads_setting(std::string_view module, std::string_view name) {
    if (holds(every_service, name)) return true;
    const Module* one = find_module(module);
    if (!one) return false;
    return holds(one->own, name) ||
           std::any_of(std::begin(one->groups), std::end(one->groups),
                       [name](std::string_view group) { return holds(group, name); });
}

bool module_reads_section(std::string_view module, std::string_view type) {
    const Module* one = find_module(module);
    return one && holds(one->sections, type);
}

}  // namespace config
