// SPDX-License-Identifier: MIT
// Document + filter -> Settings: the matching groups' assignments, least specific first, then
// defaults for the rest.
#include "base/text.h"
#include "config/configuration.h"
#include "config/document.h"
#include "config/value.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

namespace config {
namespace {

using Value = std::string_view;

// path -> value; views into the document or into the user's fields, which outlive it.
class Values {
  public:
    enum class Kind { text, file };  // file: "<path"
    void set(std::string_view path, Value value, Kind kind) {
        values_[path] = value;
        if (kind == Kind::file) {
            files_.insert(path);
        } else if (!files_.empty()) {
            files_.erase(path);
        }
    }

    Value get(std::string_view path, const Setting* setting) const {
        auto found = values_.find(path);
        if (found != values_.end()) return found->second;
        return setting ? setting->default_value : Value{};
    }
    // The text, with the content of the file where it names one.
    std::string text(std::string_view path, const Setting* setting) const {
        std::string value(get(path, setting));
        bool by_path = setting && setting->type == Type::file;  // those are read by their user
        return !by_path && files_.contains(path) ? content(path, value) : value;
    }
    bool has(std::string_view path) const { return values_.contains(path); }
    const std::unordered_map<std::string_view, Value>& all() const { return values_; }

  private:
    static std::string content(std::string_view path, const std::string& value) {
        try {
            return read_file_value(value);
        } catch (const std::system_error& error) {
            std::string key(path);
            std::replace(key.begin(), key.end(), path_separator, '/');
            throw std::invalid_argument(key + ": Can't open file " + value.substr(1) + ": " +
                                        error.code().message());
        }
    }

    std::unordered_map<std::string_view, Value> values_;
    std::unordered_set<std::string_view> files_;
};

template <typename T>
T checked(base::Result<T, std::string> result, std::string_view name) {
    if (!result) throw std::invalid_argument(std::string(name) + ": " + result.error());
    return *result;
}

// Reads values of one section (or of the top) into members by name.
class Reader {
  public:
    Reader(const Values& values, std::string path, std::span<const Setting> keys)
        : values_(values), path_(std::move(path)), keys_(keys) {}

    void operator()(std::string_view name, std::string& into) const {
        into = path_.empty() ? values_.text(name, find_setting(name))
                             : values_.text(path_ + std::string(name), find_setting(keys_, name));
    }
    void operator()(std::string_view name, bool& into) const {
        into = checked(parse_boolean(value(name)), name);
    }
    void operator()(std::string_view name, std::uint32_t& into) const {
        into = checked(parse_number(value(name)), name);
    }
    void operator()(std::string_view name, std::uint64_t& into) const {
        into = checked(parse_size(value(name)), name);
    }
    void operator()(std::string_view name, std::chrono::milliseconds& into) const {
        into = checked(parse_time(value(name), Milliseconds::allowed), name);
    }
    void operator()(std::string_view name, Fsync& into) const {
        into = value(name) == "never"    ? Fsync::never
               : value(name) == "always" ? Fsync::always
                                         : Fsync::optimized;
    }
    void operator()(std::string_view name, Tls& into) const {
        into = value(name) == "no" ? Tls::no : value(name) == "required" ? Tls::required : Tls::yes;
    }
    Value value(std::string_view name) const {
        const Setting* setting = path_.empty() ? find_setting(name) : find_setting(keys_, name);
        return path_.empty() ? values_.get(name, setting)
                             : values_.get(path_ + std::string(name), setting);
    }

  private:
    const Values& values_;
    std::string path_;
    std::span<const Setting> keys_;
};

// The `name` in "type<sep>name<sep>" when `path` is such a path under `parent` + type.
std::optional<std::string_view> entry_name(std::string_view path, std::string_view parent,
                                           std::string_view type) {
    if (!path.starts_with(parent)) return std::nullopt;
    path.remove_prefix(parent.size());
    if (!path.starts_with(type) || path.size() <= type.size() ||
        path[type.size()] != path_separator)
        return std::nullopt;
    path.remove_prefix(type.size() + 1);
    if (path.empty() || path.back() != path_separator) return std::nullopt;
    path.remove_suffix(1);
    if (path.find(path_separator) != std::string_view::npos) return std::nullopt;
    return path;
}

using Sections = std::vector<std::string_view>;  // paths, in order, each once

Database read_database(const Values& values, const std::string& path, const Section& section) {
    Database database;
    database.path = path;
    Reader read(values, path, section.keys);
    database.name = std::string(values.get(path + "name", nullptr));
    read("driver", database.driver);
    read("args", database.args);
    read("default_fields", database.default_fields);
    read("override_fields", database.override_fields);
    read("skip", database.skip);
    read("result_success", database.result_success);
    read("result_failure", database.result_failure);
    read("result_internalfail", database.result_internalfail);
    if (section.type == "passdb") {
        read("mechanisms", database.mechanisms);
        read("username_filter", database.username_filter);
        read("deny", database.deny);
        read("master", database.master);
    }
    return database;
}

Namespace read_namespace(const Values& values, const Sections& sections, const std::string& path,
                         std::string_view name, const Section& section) {
    Namespace space;
    space.path = path;
    Reader read(values, path, section.keys);
    space.name = std::string(name);
    read("type", space.type);
    read("prefix", space.prefix);
    read("separator", space.separator);
    read("location", space.location);
    read("inbox", space.inbox);
    read("hidden", space.hidden);
    read("subscriptions", space.subscriptions);
    read("disabled", space.disabled);
    read("list", space.list);
    const Section* mailbox = find_section(section.inner, "mailbox");
    for (std::string_view inner : sections) {
        auto mailbox_name = entry_name(inner, path, "mailbox");
        if (!mailbox_name) continue;
        Mailbox& box = space.mailboxes.emplace_back();
        Reader read_box(values, std::string(inner), mailbox->keys);
        box.name = std::string(*mailbox_name);
        read_box("auto", box.autocreate);
        read_box("special_use", box.special_use);
    }
    return space;
}

// compat 9.7: sockets that exist without being written have these modes (builtin_services.cpp).
struct KnownMode {
    std::string_view service, listener, mode;
};
constexpr KnownMode known_modes[] = {
    {"auth", "auth-userdb", "0666"}, {"lmtp", "lmtp", "0666"}, {"stats", "stats-writer", "0660"}};

std::string_view mode_of(std::string_view written, bool set, std::string_view service,
                         std::string_view listener) {
    if (set) return written;
    for (const KnownMode& known : known_modes) {
        if (known.service == service && known.listener == listener) return known.mode;
    }
    return written;
}

Service read_service(const Values& values, const Sections& sections, const std::string& path,
                     std::string_view name, const Section& section) {
    Service service;
    Reader read(values, path, section.keys);
    service.name = std::string(name);
    read("user", service.user);
    read("group", service.group);
    read("executable", service.executable);
    read("client_limit", service.client_limit);
    read("process_limit", service.process_limit);
    for (std::string_view inner : sections) {
        if (auto listener = entry_name(inner, path, "unix_listener")) {
            Reader read_listener(values, std::string(inner),
                                 find_section(section.inner, "unix_listener")->keys);
            UnixListener& one = service.unix_listeners.emplace_back();
            read_listener("path", one.path);
            if (one.path.empty()) one.path = std::string(*listener);
            bool set = values.has(std::string(inner) + "mode");
            one.mode = checked(
                parse_mode(mode_of(read_listener.value("mode"), set, name, *listener)), "mode");
            read_listener("user", one.user);
            read_listener("group", one.group);
        } else if (auto inet = entry_name(inner, path, "inet_listener")) {
            Reader read_listener(values, std::string(inner),
                                 find_section(section.inner, "inet_listener")->keys);
            InetListener& one = service.inet_listeners.emplace_back();
            if (!inet->starts_with('#')) one.name = std::string(*inet);
            std::string addresses(read_listener.value("address"));
            std::replace(addresses.begin(), addresses.end(), ',', ' ');
            for (std::string_view address : base::words(addresses))
                one.addresses.emplace_back(address);
            one.port = static_cast<std::uint16_t>(
                checked(parse_number(read_listener.value("port")), "port"));
            read_listener("ssl", one.ssl);
            read_listener("haproxy", one.haproxy);
        }
    }
    return service;
}

void read_core(const Reader& read, Settings& s) {
    read("base_dir", s.base_dir);
    read("state_dir", s.state_dir);
    read("instance_name", s.instance_name);
    read("listen", s.listen);
    read("import_environment", s.import_environment);
    read("log_path", s.log_path);
    read("info_log_path", s.info_log_path);
    read("debug_log_path", s.debug_log_path);
    read("syslog_facility", s.syslog_facility);
    read("log_timestamp", s.log_timestamp);
    read("mail_log_prefix", s.mail_log_prefix);
    read("deliver_log_format", s.deliver_log_format);
    read("mail_debug", s.mail_debug);
    read("auth_verbose", s.auth_verbose);
    read("login_greeting", s.login_greeting);
    read("login_trusted_networks", s.login_trusted_networks);
    read("haproxy_trusted_networks", s.haproxy_trusted_networks);
    read("haproxy_timeout", s.haproxy_timeout);
    read("default_client_limit", s.default_client_limit);
    read("default_internal_user", s.default_internal_user);
    read("mail_uid", s.mail_uid);
    read("mail_gid", s.mail_gid);
    read("mail_home", s.mail_home);
    read("mail_chroot", s.mail_chroot);
    read("mail_access_groups", s.mail_access_groups);
    read("first_valid_uid", s.first_valid_uid);
    read("last_valid_uid", s.last_valid_uid);
    read("first_valid_gid", s.first_valid_gid);
    read("last_valid_gid", s.last_valid_gid);
    read("auth_allow_weak_schemes", s.auth_allow_weak_schemes);
    read("auth_default_realm", s.auth_default_realm);
    read("auth_username_chars", s.auth_username_chars);
    read("auth_username_format", s.auth_username_format);
    read("auth_username_translation", s.auth_username_translation);
    read("auth_socket_path", s.auth_socket_path);
}

void read_mail(const Reader& read, Settings& s) {
    read("mail_location", s.mail_location);
    read("mail_attribute_dict", s.mail_attribute_dict);
    read("mail_plugins", s.mail_plugins);
    read("mail_fsync", s.mail_fsync);
    read("mail_save_crlf", s.mail_save_crlf);
    read("mail_full_filesystem_access", s.mail_full_filesystem_access);
    read("dotlock_use_excl", s.dotlock_use_excl);
    read("mail_max_lock_timeout", s.mail_max_lock_timeout);
    read("mail_temp_dir", s.mail_temp_dir);
    read("mail_temp_scan_interval", s.mail_temp_scan_interval);
    read("recipient_delimiter", s.recipient_delimiter);
    read("quota_full_tempfail", s.quota_full_tempfail);
    read("postmaster_address", s.postmaster_address);
    read("hostname", s.hostname);
    read("sendmail_path", s.sendmail_path);
    read("submission_host", s.submission_host);
    read("submission_ssl", s.submission_ssl);
    read("submission_timeout", s.submission_timeout);
    read("rejection_subject", s.rejection_subject);
    read("rejection_reason", s.rejection_reason);
    read("lda_mailbox_autocreate", s.lda_mailbox_autocreate);
    read("lda_mailbox_autosubscribe", s.lda_mailbox_autosubscribe);
    read("lda_original_recipient_header", s.lda_original_recipient_header);
    read("lda_timeout", s.lda_timeout);
    read("lmtp_proxy", s.lmtp_proxy);
    read("lmtp_save_to_detail_mailbox", s.lmtp_save_to_detail_mailbox);
    read("lmtp_rcpt_check_quota", s.lmtp_rcpt_check_quota);
    read("lmtp_hdr_delivery_address", s.lmtp_hdr_delivery_address);
    read("lmtp_add_received_header", s.lmtp_add_received_header);
    read("lmtp_user_concurrency_limit", s.lmtp_user_concurrency_limit);
    read("lmtp_verbose_replies", s.lmtp_verbose_replies);
    read("lmtp_client_workarounds", s.lmtp_client_workarounds);
    read("lmtp_max_message_size", s.lmtp_max_message_size);
    read("tamis_delivery_record", s.tamis_delivery_record);
    read("tamis_memory", s.tamis_memory);
}

void read_tls(const Reader& read, Settings& s) {
    read("ssl", s.ssl);
    read("ssl_cert", s.ssl_cert);
    read("ssl_key", s.ssl_key);
    read("ssl_key_password", s.ssl_key_password);
    read("ssl_min_protocol", s.ssl_min_protocol);
    read("ssl_cipher_list", s.ssl_cipher_list);
    read("ssl_cipher_suites", s.ssl_cipher_suites);
    read("ssl_dh", s.ssl_dh);
    read("ssl_prefer_server_ciphers", s.ssl_prefer_server_ciphers);
}

void read_sections(const Values& values, const Sections& sections, Settings& s) {
    const std::string plugin = std::string("plugin") + path_separator;
    for (const auto& [path, value] : values.all()) {
        if (path.starts_with(plugin))
            s.plugin[std::string(path.substr(plugin.size()))] = values.text(path, nullptr);
    }
    for (std::string_view path : sections) {
        std::string whole(path);
        if (entry_name(path, {}, "userdb")) {
            s.userdbs.push_back(
                read_database(values, whole, *find_section(top_sections(), "userdb")));
        } else if (entry_name(path, {}, "passdb")) {
            s.passdbs.push_back(
                read_database(values, whole, *find_section(top_sections(), "passdb")));
        } else if (auto name = entry_name(path, {}, "namespace")) {
            const Section* section = find_section(top_sections(), "namespace");
            s.namespaces.push_back(
                read_namespace(values, sections, whole,
                               name->starts_with('#') ? std::string_view{} : *name, *section));
        } else if (auto service = entry_name(path, {}, "service")) {
            s.services.push_back(read_service(values, sections, whole, *service,
                                              *find_section(top_sections(), "service")));
        }
    }
}

// Where a userdb field goes: a setting, a key of a section ("namespace/inbox/separator"), else
// plugin {}.
std::string path_of_field(const std::string& field) {
    if (find_setting(field)) return field;
    std::size_t slash = field.find('/');
    if (slash != std::string::npos &&
        find_section(top_sections(), std::string_view(field).substr(0, slash))) {
        std::string path = field;
        std::replace(path.begin(), path.end(), '/', path_separator);
        return path;
    }
    return std::string("plugin") + path_separator + field;
}

}  // namespace

Settings Configuration::settings(const Filter& filter) const {
    return evaluate(*document_, filter, {});
}

Settings Configuration::settings(const Filter& filter,
                                 const std::map<std::string, std::string>& user_fields) const {
    return evaluate(*document_, filter, user_fields);
}

Settings evaluate(const Document& document, const Filter& filter,
                  const std::map<std::string, std::string>& user_fields) {
    Values values;
    Sections sections;
    auto open = [&sections](std::string_view path) {
        if (std::find(sections.begin(), sections.end(), path) == sections.end())
            sections.push_back(path);
    };
    for (const Group* group : matching_groups(document, filter)) {
        for (const Opened& opened : group->sections)
            open(opened.path);
        for (const Assignment& assignment : group->assignments)
            values.set(assignment.path, assignment.value,
                       assignment.from_file ? Values::Kind::file : Values::Kind::text);
    }
    std::vector<std::string> field_paths;
    field_paths.reserve(user_fields.size());
    for (const auto& [field, value] : user_fields) {
        values.set(field_paths.emplace_back(path_of_field(field)), value, Values::Kind::text);
    }
    Settings settings;
    Reader read(values, {}, {});
    read_core(read, settings);
    read_mail(read, settings);
    read_tls(read, settings);
    read_sections(values, sections, settings);
    return settings;
}

}  // namespace config
