// SPDX-License-Identifier: MIT
#include "config/configuration.h"

#include "base/file.h"
#include "base/text.h"
#include "config/limits.h"
#include "config/parser.h"
#include "config/rules.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <netdb.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace config {
namespace {

constexpr std::string_view default_paths[] = {"/etc/tamis/tamis.conf", "/etc/dovecot/dovecot.conf"};

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
    Problems problems;
    check_rules(**document, problems);
    check_namespaces(**document, problems);
    if (!problems.empty()) return base::Unexpected{std::move(problems)};
    return Configuration(*document);
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
    if (severity == Severity::warning && text.starts_with("Obsolete setting in ")) return text;
    if (severity == Severity::warning && text.starts_with("Ambiguous")) {
        return "Configuration file " + place.file + " line " + std::to_string(place.line) + ": " +
               text;
    }
    std::string where =
        severity == Severity::error ? "Error in configuration file " + place.file : place.file;
    if (place.line > 0 && !after_parsing) where += " line " + std::to_string(place.line);
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
    auto bytes = base::read_file(value.substr(1), max_file_bytes, base::OtherFiles::read);
    if (!bytes)
        throw std::system_error(ENOENT, std::generic_category(),
                                "Can't open file " + value.substr(1));
    return *bytes;
}

}  // namespace config
