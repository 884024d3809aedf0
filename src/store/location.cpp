// SPDX-License-Identifier: MIT
#include "store/location.h"

#include "base/text.h"
#include "store/file_system.h"

#include <algorithm>
#include <array>
#include <vector>

namespace store {
namespace {

using Failure = base::Unexpected<LocationError>;

Failure failure(std::string text) {
    return Failure{LocationError{std::move(text)}};
}

// The parts between single colons; two colons stand for one in a part.
std::vector<std::string> colon_parts(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != ':') {
            parts.back() += text[i];
        } else if (text.substr(i + 1, 1) == ":") {
            parts.back() += ':';
            ++i;
        } else {
            parts.emplace_back();
        }
    }
    return parts;
}

// Absolute, without slashes at the end; nothing where it would need a home that isn't there, or
// names another user's.
std::optional<std::string> directory(std::string_view path, std::string_view home) {
    std::string absolute;
    if (!path.starts_with('/')) {
        if (path.starts_with('~')) {
            path.remove_prefix(1);
            if (!path.empty() && path.front() != '/') return std::nullopt;
            while (path.starts_with('/'))
                path.remove_prefix(1);
        }
        if (home.empty()) return std::nullopt;
        absolute = std::string(home) + "/";
    }
    absolute += path;
    while (absolute.size() > 1 && absolute.back() == '/')
        absolute.pop_back();
    return absolute;
}

struct PathKey {
    std::string_view name;
    std::string Location::*member;
};
constexpr std::array<PathKey, 4> path_keys = {{{"INBOX", &Location::inbox},
                                               {"CONTROL", &Location::control},
                                               {"INDEX", &Location::index},
                                               {"VOLATILEDIR", &Location::volatile_directory}}};

// About indexes, caches and how folders are listed: nothing that deliveries ask.
constexpr std::array<std::string_view, 8> other_keys = {
    "INDEXPVT",    "INDEXCACHE", "LISTINDEX",  "ALT",
    "NO-NOSELECT", "ITERINDEX",  "ALTNOCHECK", "NO-FS-VALIDATION"};

constexpr std::array<std::string_view, 8> foreign_drivers = {"mbox",  "sdbox",   "mdbox", "dbox",
                                                             "imapc", "virtual", "pop3c", "raw"};

std::string no_home(std::string_view path) {
    if (path.starts_with('~') && path.size() > 1 && path[1] != '/')
        return "Can't expand another user's home: " + std::string(path);
    return "Home directory not set for user. Can't expand " + std::string(path);
}

std::optional<LocationError> set_layout(Location& location, std::string_view value) {
    if (base::iequals(value, "maildir++")) {
        location.layout = Layout::maildir_plus_plus;
    } else if (base::iequals(value, "fs")) {
        location.layout = Layout::fs;
    } else if (base::iequals(value, "index") || base::iequals(value, "none")) {
        return LocationError{"LAYOUT=" + std::string(value) +
                             " is not supported (maildir++ and fs are)"};
    } else {
        return LocationError{"Mailbox list driver " + std::string(value) + ": Unknown driver name"};
    }
    return std::nullopt;
}

std::optional<LocationError> set_name_part(std::string& member, std::string_view key,
                                           std::string_view value) {
    for (std::string_view part : base::split(value, '/')) {
        if (part.empty() || part == "." || part == ".." || value.find('\0') != value.npos)
            return LocationError{std::string(key) +
                                 " is no relative path: " + base::printable(value)};
    }
    member = value;
    return std::nullopt;
}

// One KEY or KEY=VALUE after the root.
std::optional<LocationError> set_key(Location& location, std::string_view text,
                                     std::string_view home) {
    std::size_t equals = text.find('=');
    std::string_view key = text.substr(0, equals);
    std::string_view value = equals == text.npos ? std::string_view{} : text.substr(equals + 1);
    for (const PathKey& known : path_keys) {
        if (known.name != key) continue;
        if (key == "INDEX" && value == "MEMORY") {
            location.index = value;
        } else if (!value.empty()) {
            auto path = directory(value, home);
            if (!path) return LocationError{no_home(value)};
            location.*known.member = *path;
        }
        return std::nullopt;
    }
    if (key == "LAYOUT") return set_layout(location, value);
    if (key == "SUBSCRIPTIONS") return set_name_part(location.subscriptions, key, value);
    if (key == "MAILBOXDIR") return set_name_part(location.mailbox_prefix, key, value);
    if (key == "DIRNAME" || key == "FULLDIRNAME") {
        location.full_directory_name = key == "FULLDIRNAME";
        return set_name_part(location.directory_name, key, value);
    }
    if (key == "BROKENCHAR") {
        if (value.size() != 1) return LocationError{"BROKENCHAR value must be a single character"};
        return std::nullopt;  // about how clients are shown names that are not valid
    }
    if (key == "UTF-8") {
        location.utf8 = true;
        return std::nullopt;
    }
    if (std::find(other_keys.begin(), other_keys.end(), key) != other_keys.end())
        return std::nullopt;
    return LocationError{"Unknown setting: " + std::string(key)};
}

}  // namespace

base::Result<Location, LocationError> parse_location(std::string_view text, std::string_view home) {
    std::size_t colon = text.find(':');
    if (colon == text.npos) {
        return failure("Ambiguous mail location setting, don't know what to do with it: " +
                       std::string(text) + " (try prefixing it with mbox: or maildir:)");
    }
    std::string_view driver = text.substr(0, colon);
    if (!base::iequals(driver, "maildir")) {
        bool foreign = std::any_of(foreign_drivers.begin(), foreign_drivers.end(),
                                   [&](auto name) { return base::iequals(name, driver); });
        if (!foreign) return failure("Unknown mail storage driver " + std::string(driver));
        return Failure{LocationError{
            "Mail storage driver " + std::string(driver) + " is not supported (maildir is)", true}};
    }
    Location location;
    std::vector<std::string> parts = colon_parts(text.substr(colon + 1));
    if (parts.front().empty()) return failure("Root mail directory not given");
    if (parts.front().find('\0') != std::string::npos)
        return failure("Root mail directory holds a NUL character");
    auto root = directory(parts.front(), home);
    if (!root) return failure(no_home(parts.front()));
    location.root = *root;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i].empty()) continue;
        if (auto error = set_key(location, parts[i], home)) return Failure{std::move(*error)};
    }
    if (location.layout == Layout::maildir_plus_plus) {
        if (!location.directory_name.empty())
            return failure(
                "Mailbox list driver maildir++: maildir_name not supported by this driver");
        if (!location.mailbox_prefix.empty())
            return failure(
                "Mailbox list driver maildir++: mailbox_dir_name not supported by this driver");
    }
    return location;
}

base::Result<Location, LocationError> detect_location(FileSystem& files, std::string_view home) {
    std::string failed = "Mail storage autodetection failed with home=" +
                         (home.empty() ? std::string("(not set)") : std::string(home));
    if (home.empty()) return failure(std::move(failed));
    Location location;
    location.root = std::string(home) + "/Maildir";
    auto status = files.status(location.root + "/cur");
    if (!status || !S_ISDIR(status->st_mode)) return failure(std::move(failed));
    return location;
}

}  // namespace store
