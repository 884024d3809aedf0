// SPDX-License-Identifier: MIT
#include "config/configuration.h"

#include "base/file.h"
#include "base/text.h"
#include "config/limits.h"
#include "config/parser.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <netdb.h>
#include <set>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace config {
namespace {

constexpr std::string_view default_paths[] = {"/etc/tamis/tamis.conf", "/etc/dovecot/dovecot.conf"};
constexpr std::string_view special_uses[] = {"\\All",       "\\Archive", "\\Drafts", "\\Flagged",
                                             "\\Important", "\\Junk",    "\\Sent",   "\\Trash"};

// What serves a private instance where no file exists.
std::string built_in_text() {
    std::string text =
        "log_path = /dev/stderr\n"
        "mail_location = maildir:~/Maildir\n"
        "protocol lda {\n  mail_plugins = sieve\n}\nprotocol lmtp {\n  mail_plugins = sieve\n}\n"
        "userdb {\n  driver = passwd\n}\n";
    if (::geteuid() != 0) {
        const char* runtime = std::getenv("XDG_RUNTIME_DIR");
        const char* home = std::getenv("HOME");
        std::string base =
            runtime && *runtime ? runtime : "/tmp/tamis-" + std::to_string(::geteuid());
        text += "base_dir = " + base + "/tamis\n";
        if (home && *home) text += "state_dir = " + std::string(home) + "/.local/state/tamis\n";
    }
    return text;
}

std::string last_part(const std::string& path) {
    return path.substr(path.rfind(path_separator) + 1);
}

// Rules that hold between settings; they stand without a line, as Dovecot's checks after parsing
// do.
void check_whole(Document& document, Problems& problems) {
    for (const Group& group : document.groups) {
        for (const Assignment& assignment : group.assignments) {
            if (last_part(assignment.path) != "special_use" || assignment.value.empty()) continue;
            for (std::string_view use : base::words(assignment.value)) {
                if (std::find(std::begin(special_uses), std::end(special_uses), use) !=
                    std::end(special_uses))
                    continue;
                std::size_t end = assignment.path.rfind(path_separator);
                std::size_t begin = assignment.path.rfind(path_separator, end - 1);
                Problem found{Problem::Severity::error,
                              "mailbox " + assignment.path.substr(begin + 1, end - begin - 1) +
                                  ": unknown special_use: " + std::string(use)};
                found.hint = use.starts_with("\\\\")
                                 ? "one backslash: " + std::string(use.substr(1))
                                 : std::string();
                found.place = {assignment.place.file, 0};
                problems.push_back(std::move(found));
            }
        }
    }
}

void check_numbers(const Settings& settings, const std::string& path, Problems& problems) {
    auto error = [&](std::string text) {
        Problem found{Problem::Severity::error, std::move(text)};
        found.place.file = path;
        problems.push_back(std::move(found));
    };
    if (settings.last_valid_uid != 0 && settings.first_valid_uid > settings.last_valid_uid) {
        error("first_valid_uid can't be larger than last_valid_uid");
    }
    if (settings.last_valid_gid != 0 && settings.first_valid_gid > settings.last_valid_gid) {
        error("first_valid_gid can't be larger than last_valid_gid");
    }
    if (base::trim(settings.listen).empty()) error("listen can't be set empty");
    std::set<std::string> sockets;
    for (const Service& service : settings.services) {
        for (const UnixListener& listener : service.unix_listeners) {
            if (listener.mode != 0 && !sockets.insert(listener.path).second)
                error("duplicate listener: " + listener.path);
        }
    }
}

void check_namespaces(const Settings& settings, const std::string& path, Problems& problems) {
    auto error = [&](std::string text) {
        Problem found{Problem::Severity::error,
                      "namespace configuration error: " + std::move(text)};
        found.place.file = path;
        problems.push_back(std::move(found));
    };
    unsigned inboxes = 0, spaces = 0;
    for (const Namespace& space : settings.namespaces) {
        if (space.disabled) continue;
        ++spaces;
        if (space.inbox) ++inboxes;
        if (space.prefix.empty() || space.separator.empty() || space.list == "no") continue;
        if (space.prefix.find('%') == std::string::npos &&
            !space.prefix.ends_with(space.separator)) {
            error("list=yes requires prefix=" + space.prefix + " to end with separator " +
                  space.separator);
        }
    }
    if (inboxes > 1) error("There can be only one namespace with inbox=yes");
    if (spaces > 0 && inboxes == 0) error("inbox=yes namespace missing");
}

std::string system_host_name() {
    char name[256] = "localhost";
    ::gethostname(name, sizeof name - 1);
    std::string host = name;
    if (host.find('.') != std::string::npos) return host;
    struct addrinfo hints {};
    hints.ai_flags = AI_CANONNAME;
    hints.ai_socktype = SOCK_STREAM;
    struct addrinfo* found = nullptr;
    if (::getaddrinfo(name, nullptr, &hints, &found) == 0) {
        if (found && found->ai_canonname) host = found->ai_canonname;
        ::freeaddrinfo(found);
    }
    return host;
}

}  // namespace

namespace {
base::Result<std::shared_ptr<const Document>, Problems> finish(ParseOutcome outcome,
                                                               const Overrides& overrides) {
    for (const auto& [key, value] : overrides) {
        if (std::string text = apply_override(outcome.document, key, value); !text.empty()) {
            Problem found{Problem::Severity::error, "Invalid -o parameter " + key + ": " + text};
            outcome.problems.push_back(std::move(found));
        }
    }
    check_whole(outcome.document, outcome.problems);
    if (!outcome.problems.empty()) {
        Problems all = std::move(outcome.problems);
        all.insert(all.end(), outcome.document.warnings.begin(), outcome.document.warnings.end());
        return base::Unexpected{std::move(all)};
    }
    return std::shared_ptr<const Document>(std::make_shared<Document>(std::move(outcome.document)));
}
}  // namespace

std::optional<std::string> Configuration::default_path() {
    if (const char* given = std::getenv("CONFIG_FILE"); given && *given) return std::string(given);
    for (std::string_view path : default_paths) {
        if (::access(path.data(), F_OK) == 0) return std::string(path);
    }
    return std::nullopt;
}

base::Result<Configuration, Problems> Configuration::load(const std::string& path,
                                                          const Overrides& overrides) {
    auto document = finish(parse_file(path), overrides);
    if (!document) return base::Unexpected{document.error()};
    Configuration configuration(*document);
    Problems problems;
    Settings settings = configuration.settings();
    check_numbers(settings, path, problems);
    check_namespaces(settings, path, problems);
    if (!problems.empty()) return base::Unexpected{std::move(problems)};
    return configuration;
}

base::Result<Configuration, Problems> Configuration::built_in(const Overrides& overrides) {
    ParseOutcome outcome = parse_text(built_in_text(), "built-in defaults");
    outcome.document.path.clear();
    auto document = finish(std::move(outcome), overrides);
    if (!document) return base::Unexpected{document.error()};
    return Configuration(*document);
}

const Problems& Configuration::warnings() const {
    return document_->warnings;
}
const std::string& Configuration::path() const {
    return document_->path;
}

std::string Problem::message() const {
    if (place.file.empty()) return text;
    std::string where =
        severity == Severity::error ? "Error in configuration file " + place.file : place.file;
    if (place.line > 0) where += " line " + std::to_string(place.line);
    return where + ": " + text;
}

bool Settings::has_plugin(std::string_view name) const {
    std::string spaced = mail_plugins;
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    auto names = base::words(spaced);
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string Settings::plugin_value(const std::string& name, std::string_view otherwise) const {
    auto found = plugin.find(name);
    return found == plugin.end() ? std::string(otherwise) : found->second;
}

std::string Settings::host_name() const {
    if (!hostname.empty()) return hostname;
    static const std::string system = system_host_name();
    return system;
}

const Service* Settings::service(std::string_view name) const {
    for (const Service& one : services) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

std::string read_file_value(const std::string& value) {
    if (!value.starts_with('<')) return value;
    auto bytes = base::read_file(value.substr(1), max_file_bytes);
    if (!bytes)
        throw std::system_error(ENOENT, std::generic_category(),
                                "Can't open file " + value.substr(1));
    return *bytes;
}

}  // namespace config
