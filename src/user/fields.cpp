// SPDX-License-Identifier: MIT
#include "user/fields.h"

#include "base/text.h"

#include <grp.h>
#include <pwd.h>
#include <stdexcept>

namespace user {
namespace {

constexpr std::size_t nss_buffer_bytes =
    64 * 1024;  // groups with many members need more than sysconf says

bool is_set(const User& user, std::string_view key) {
    if (key == "uid") return user.uid.has_value();
    if (key == "gid") return user.gid.has_value();
    if (key == "home") return !user.home.empty();
    if (key == "mail") return !user.mail.empty();
    return user.fields.contains(std::string(key));
}

std::string set_home(User& user, std::string_view value) {
    if (value.empty()) return {};
    if (value.front() != '/')
        return "Relative home directory paths not supported: " + std::string(value);
    if (std::size_t at = value.find("/./"); at != std::string_view::npos) {
        user.fields["chroot"] = std::string(value.substr(0, at));
        value.remove_prefix(at + 2);
    }
    // Queries that glue a folder to a root often leave a slash; paths in logs shall not show two.
    while (value.size() > 1 && value.ends_with('/'))
        value.remove_suffix(1);
    user.home = std::string(value);
    return {};
}

}  // namespace

std::optional<uid_t> parse_uid(std::string_view text) {
    if (auto number = base::parse_number<uid_t>(text)) return number;
    std::string name(text);
    std::string buffer(nss_buffer_bytes, '\0');
    struct passwd entry {};
    struct passwd* found = nullptr;
    if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return found->pw_uid;
}

std::optional<gid_t> parse_gid(std::string_view text) {
    if (auto number = base::parse_number<gid_t>(text)) return number;
    std::string name(text);
    std::string buffer(nss_buffer_bytes, '\0');
    struct group entry {};
    struct group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return found->gr_gid;
}

std::string set_field(User& user, std::string_view key, std::string_view value) {
    if (key == "uid" || key == "gid") {
        if (value.empty()) return {};
        auto id = key == "uid" ? parse_uid(value) : parse_gid(value);
        if (!id) {
            return "User " + base::printable(user.name) + " has invalid " +
                   (key == "uid" ? "UID" : "GID") + " '" + base::printable(value) + "'";
        }
        (key == "uid" ? user.uid : user.gid) = *id;
        return {};
    }
    if (key == "home") return set_home(user, value);
    if (key == "user") {
        if (!value.empty()) user.name = std::string(value);
    } else if (key == "mail") {
        user.mail = std::string(value);
    } else {
        user.fields[std::string(key)] = std::string(value);
    }
    return {};
}

std::string set_fields(User& user, std::string_view list, const Request& request,
                       const Expand& expand, Overwrite overwrite) {
    for (std::string_view word : base::words(list)) {
        std::size_t equals = word.find('=');
        std::string_view key = word.substr(0, equals);
        if (key.starts_with("userdb_")) key.remove_prefix(7);
        if (overwrite == Overwrite::no && is_set(user, key)) continue;
        std::string value =
            equals == std::string_view::npos ? "yes" : expand(word.substr(equals + 1), request);
        if (std::string error = set_field(user, key, value); !error.empty()) return error;
    }
    return {};
}

}  // namespace user
