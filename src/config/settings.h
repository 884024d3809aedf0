// SPDX-License-Identifier: MIT
// The settings that hold for one program, protocol and connection, as typed values under Dovecot's
// names (compat 1.5). Made by Configuration::settings() (config/configuration.h); plain data, so a
// copy may be changed freely. Text with %variables is kept as written: its reader expands it
// (config/variables.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace config {

enum class Fsync { optimized, always, never };
enum class Tls { no, yes, required };

// userdb {} or passdb {} (compat 1.7).
struct Database {
    std::string path;  // of its keys in the document, for messages
    std::string name;
    std::string driver;
    std::string args;
    std::string default_fields;
    std::string override_fields;
    std::string mechanisms;
    std::string username_filter;
    std::string skip = "never";
    std::string result_success = "return-ok";
    std::string result_failure = "continue";
    std::string result_internalfail = "continue";
    bool deny = false;
    bool master = false;
};

// mailbox NAME {} inside a namespace.
struct Mailbox {
    std::string name;
    std::string autocreate = "no";  // auto: no, create, subscribe
    std::string special_use;
};

// namespace [NAME] {} (compat 9.3).
struct Namespace {
    std::string path;  // of its keys in the document, for messages
    std::string name;
    std::string type = "private";
    std::string prefix;
    std::string separator;  // empty: the storage's
    std::string location;   // empty: mail_location
    bool inbox = false;
    bool hidden = false;
    bool subscriptions = true;
    bool disabled = false;
    std::string list = "yes";
    std::vector<Mailbox> mailboxes;
};

struct UnixListener {
    std::string path;      // as written: relative to base_dir
    unsigned mode = 0600;  // 0: disabled
    std::string user;
    std::string group;
};
struct InetListener {
    std::string name;
    std::vector<std::string> addresses;  // empty: `listen`
    std::uint16_t port = 0;              // 0: disabled
    bool ssl = false;
    bool haproxy = false;
};
// service NAME {} (compat 9.7).
struct Service {
    std::string name;
    std::string user;
    std::string group;
    std::string executable;
    unsigned client_limit = 0;   // 0: default_client_limit
    unsigned process_limit = 0;  // 0: default_process_limit
    std::vector<UnixListener> unix_listeners;
    std::vector<InetListener> inet_listeners;
};

struct Settings {
    // Core and logging.
    std::string base_dir;
    std::string state_dir;
    std::string instance_name;
    std::string listen;
    std::string import_environment;
    std::string log_path;
    std::string info_log_path;
    std::string debug_log_path;
    std::string syslog_facility;
    std::string log_timestamp;
    std::string mail_log_prefix;
    std::string deliver_log_format;
    bool mail_debug = false;
    bool auth_verbose = false;
    std::string login_greeting;
    std::string login_trusted_networks;
    std::string haproxy_trusted_networks;
    std::chrono::milliseconds haproxy_timeout{};
    unsigned default_client_limit = 0;
    std::string default_internal_user;

    // Users.
    std::string mail_uid;
    std::string mail_gid;
    std::string mail_home;
    std::string mail_chroot;
    std::string mail_access_groups;
    unsigned first_valid_uid = 0;
    unsigned last_valid_uid = 0;
    unsigned first_valid_gid = 0;
    unsigned last_valid_gid = 0;
    bool auth_allow_weak_schemes = true;
    std::string auth_default_realm;
    std::string auth_username_chars;
    std::string auth_username_format;
    std::string auth_username_translation;
    std::string auth_socket_path;

    // Mail storage.
    std::string mail_location;
    std::string mail_attribute_dict;
    std::string mail_plugins;  // words; see has_plugin()
    Fsync mail_fsync = Fsync::optimized;
    bool mail_save_crlf = false;
    bool mail_full_filesystem_access = false;
    bool dotlock_use_excl = true;
    std::chrono::milliseconds mail_max_lock_timeout{};
    std::string mail_temp_dir;
    std::chrono::milliseconds mail_temp_scan_interval{};
    std::string recipient_delimiter;
    bool quota_full_tempfail = false;

    // LDA and LMTP.
    std::string postmaster_address;
    std::string hostname;  // empty: the system's; see host_name()
    std::string sendmail_path;
    std::string submission_host;
    Tls submission_ssl = Tls::no;
    std::chrono::milliseconds submission_timeout{};
    std::string rejection_subject;
    std::string rejection_reason;
    bool lda_mailbox_autocreate = false;
    bool lda_mailbox_autosubscribe = false;
    std::string lda_original_recipient_header;
    bool lmtp_proxy = false;
    bool lmtp_save_to_detail_mailbox = false;
    bool lmtp_rcpt_check_quota = false;
    std::string lmtp_hdr_delivery_address;  // final, none, original
    bool lmtp_add_received_header = true;
    unsigned lmtp_user_concurrency_limit = 0;
    bool lmtp_verbose_replies = false;
    std::string lmtp_client_workarounds;
    // Tamis's own.
    std::uint64_t lmtp_max_message_size = 0;  // bytes; 0: no limit
    std::string tamis_memory = "sqlite";      // memory/backend.h
    bool tamis_delivery_record = true;        // deliver/record.h
    std::chrono::milliseconds lda_timeout{};  // the LDA's own deadline

    // TLS.
    Tls ssl = Tls::yes;
    std::string
        ssl_cert;  // the PEM text's path where it was written as "<path"; see read_file_value()
    std::string ssl_key;
    std::string ssl_key_password;
    std::string ssl_min_protocol;
    std::string ssl_cipher_list;
    std::string ssl_cipher_suites;
    std::string ssl_dh;
    bool ssl_prefer_server_ciphers = false;

    std::map<std::string, std::string> plugin;  // plugin {}, and userdb fields that are no settings
    std::vector<Namespace> namespaces;          // as written; none: one default with inbox=yes
    std::vector<Database> userdbs;
    std::vector<Database> passdbs;
    std::vector<Service> services;

    bool has_plugin(std::string_view name) const;
    // plugin {} value, or `otherwise` where it is not set.
    std::string plugin_value(const std::string& name, std::string_view otherwise = {}) const;
    // `hostname`, or the system's fully qualified name.
    std::string host_name() const;
    const Service* service(std::string_view name) const;
};

// The content of a value written as "<path" (kept with its '<'), or the value itself.
// Throws std::system_error where the file cannot be read.
std::string read_file_value(const std::string& value);

}  // namespace config
