// SPDX-License-Identifier: MIT
#include "store/mailbox_name.h"

#include "base/text.h"
#include "store/modified_utf7.h"

#include <algorithm>
#include <array>
#include <optional>

namespace store {
namespace {

using Failure = base::Unexpected<NameError>;

constexpr std::string_view inbox = "INBOX";
// Under a mailbox come "/cur/", a message name of at most this, and what a lock or index appends.
constexpr std::size_t message_name_bytes = 300;

Failure invalid(std::string_view why) {
    return Failure{NameError{"Invalid mailbox name: " + std::string(why)}};
}

// INBOX at the beginning of a prefix is case-blind, the rest is not.
bool begins_with_prefix(std::string_view name, std::string_view prefix) {
    if (name.size() < prefix.size()) return false;
    std::size_t blind = base::istarts_with(prefix, inbox) ? inbox.size() : 0;
    return base::iequals(name.substr(0, blind), prefix.substr(0, blind)) &&
           name.substr(blind, prefix.size() - blind) == prefix.substr(blind);
}

// The namespace that `name` is in, and the name without its prefix.
struct Place {
    const Namespace* space;
    std::string_view rest;
};

std::optional<Place> find_namespace(const std::vector<Namespace>& namespaces,
                                    std::string_view name) {
    std::optional<Place> best;
    for (const Namespace& space : namespaces) {
        if (base::iequals(name, inbox) && space.inbox) return Place{&space, inbox};
        std::string_view prefix = space.prefix;
        if (best && prefix.size() <= best->space->prefix.size()) continue;
        if (begins_with_prefix(name, prefix)) {
            best = Place{&space, name.substr(prefix.size())};
        } else if (!prefix.empty() && prefix.back() == space.separator &&
                   name.size() + 1 == prefix.size() &&
                   begins_with_prefix(name, prefix.substr(0, name.size()))) {
            best = Place{&space, {}};
        }
    }
    return best;
}

bool is_reserved(std::string_view part, const Location& location) {
    constexpr std::array<std::string_view, 3> subdirectories = {"cur", "new", "tmp"};
    return std::find(subdirectories.begin(), subdirectories.end(), part) != subdirectories.end() ||
           (!location.directory_name.empty() && part == location.directory_name);
}

// What is wrong with a storage name; nothing when all is well.
std::optional<std::string> complaint(std::string_view name, const Location& location) {
    char separator = storage_separator(location.layout);
    if (name.front() == separator) return "Begins with hierarchy separator";
    if (name.back() == separator) return "Ends with hierarchy separator";
    if (name.front() == '~') return "Begins with '~'";
    const std::vector<std::string_view> parts = base::split(name, separator);
    if (parts.size() > max_name_parts) return "Has too many parts";
    for (std::string_view part : parts) {
        if (part.empty()) return "Has adjacent hierarchy separators";
        if (location.layout == Layout::maildir_plus_plus) {
            if (part.find('/') != part.npos) return "Name must not have '/' characters";
        } else {
            if (part == "." || part == "..") return "Contains '" + std::string(part) + "' part";
            if (is_reserved(part, location)) return "Contains reserved name";
        }
    }
    return std::nullopt;
}

bool too_long(std::string_view name, const Location& location) {
    if (location.layout == Layout::maildir_plus_plus) return name.size() + 1 > max_name_part_bytes;
    std::vector<std::string_view> parts = base::split(name, '/');
    return std::any_of(parts.begin(), parts.end(),
                       [](auto part) { return part.size() > max_name_part_bytes; });
}

// The name in the storage: separators changed, INBOX in upper case, in modified UTF-7.
base::Result<std::string, NameError> to_storage_name(const Namespace& space,
                                                     std::string_view rest) {
    char separator = storage_separator(space.location.layout);
    std::string name(rest);
    for (char& c : name) {
        if (c == space.separator) {
            c = separator;
        } else if (c == separator) {
            return Failure{NameError{std::string("Character not allowed in mailbox name: '") +
                                     separator + "'"}};
        }
    }
    if (space.prefix.empty() && base::istarts_with(name, inbox) && name.size() > inbox.size() &&
        name[inbox.size()] == separator)
        name.replace(0, inbox.size(), inbox);
    if (auto why = complaint(name, space.location)) return invalid(*why);
    if (!space.location.utf8) name = *to_modified_utf7(name);  // is known to be valid UTF-8
    if (too_long(name, space.location)) return Failure{NameError{"Mailbox name too long"}};
    return name;
}

std::string with_part(std::string path, std::string_view part) {
    if (!part.empty()) path.append("/").append(part);
    return path;
}

void set_plus_plus_directories(MailboxPath& path) {
    const Location& location = path.space->location;
    if (!path.is_inbox) {
        path.directory = location.root + "/." + path.storage_name;
    } else {
        path.directory = location.inbox.empty() ? location.root : location.inbox;
    }
    path.list_directory = path.directory;
    path.control_directory =
        location.control.empty() ? path.directory : location.control + "/." + path.storage_name;
}

void set_fs_directories(MailboxPath& path) {
    const Location& location = path.space->location;
    std::string boxes = with_part(location.root, location.mailbox_prefix);
    if (path.is_inbox && !location.inbox.empty()) {
        path.list_directory = path.directory = location.inbox;
    } else if (path.is_inbox && location.directory_name.empty()) {
        path.list_directory = path.directory = location.root;
    } else {
        path.list_directory = boxes + "/" + path.storage_name;
        path.directory = with_part(path.list_directory, location.directory_name);
    }
    if (location.control.empty()) {
        path.control_directory = path.directory;
    } else {
        path.control_directory =
            with_part(location.control, location.mailbox_prefix) + "/" + path.storage_name;
        if (location.full_directory_name)
            path.control_directory = with_part(path.control_directory, location.directory_name);
    }
}

}  // namespace

char storage_separator(Layout layout) {
    return layout == Layout::maildir_plus_plus ? '.' : '/';
}

base::Result<MailboxPath, NameError> locate_mailbox(const std::vector<Namespace>& namespaces,
                                                    std::string_view name) {
    if (name.empty()) return invalid("Name is empty");
    if (name.size() > max_mailbox_name_bytes) return Failure{NameError{"Mailbox name too long"}};
    if (name.find('\0') != name.npos) return invalid("Has a NUL character");
    if (!valid_utf8(name))
        return Failure{NameError{"Mailbox name not UTF-8: " + base::printable(name)}};
    auto place = find_namespace(namespaces, name);
    if (!place) {
        std::string prefix = namespaces.empty() ? std::string() : namespaces.front().prefix;
        return Failure{NameError{"Mailbox doesn't exist: " + base::printable(name) +
                                 " (Missing namespace prefix '" + prefix + "')"}};
    }
    if (!place->space->unusable.empty()) return Failure{NameError{place->space->unusable}};
    MailboxPath path;
    path.space = place->space;
    path.is_inbox = place->space->inbox && (place->rest.empty() || place->rest == inbox);
    if (path.is_inbox) {
        path.name = place->space->prefix.empty() || base::iequals(name, inbox) ? inbox : name;
        path.storage_name = inbox;
    } else {
        if (place->rest.empty()) return invalid("It is a namespace's prefix");
        auto storage_name = to_storage_name(*place->space, place->rest);
        if (!storage_name) return Failure{std::move(storage_name.error())};
        path.name = name;
        path.storage_name = std::move(*storage_name);
    }
    switch (path.space->location.layout) {
        case Layout::maildir_plus_plus:
            set_plus_plus_directories(path);
            break;
        case Layout::fs:
            set_fs_directories(path);
            break;
    }
    if (path.directory.size() + message_name_bytes > max_path_bytes ||
        path.control_directory.size() + message_name_bytes > max_path_bytes)
        return Failure{NameError{"Mailbox name too long"}};
    return path;
}

bool safe_path_part(std::string_view value) {
    return !value.empty() && value != "." && value != ".." && value.find('/') == value.npos &&
           value.find('\0') == value.npos;
}

}  // namespace store
