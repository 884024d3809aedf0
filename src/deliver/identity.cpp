// SPDX-License-Identifier: MIT
#include "deliver/identity.h"

#include "base/text.h"
#include "config/settings.h"

#include <grp.h>
#include <optional>
#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace deliver {
namespace {

constexpr std::size_t nss_buffer_bytes = 16 * 1024;

std::optional<uid_t> uid_of(const std::string& text) {
    if (auto number = base::parse_number<uid_t>(text)) return number;
    std::vector<char> buffer(nss_buffer_bytes);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(text.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return entry.pw_uid;
}

std::optional<gid_t> gid_of(const std::string& text) {
    if (auto number = base::parse_number<gid_t>(text)) return number;
    std::vector<char> buffer(nss_buffer_bytes);
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(text.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return entry.gr_gid;
}

bool in_range(unsigned id, unsigned first, unsigned last) {
    return id >= first && (last == 0 || id <= last);
}

std::string refused(std::string_view what, unsigned id, std::string_view setting,
                    std::string_view source) {
    std::string text = "Mail access for users with ";
    text.append(what).append(" ").append(std::to_string(id)).append(" not permitted (see ");
    text.append(setting).append(" in config file, ").append(base::to_lower(what));
    return text.append(" from ").append(source).append(").");
}

std::string range_setting(std::string_view name, unsigned id, unsigned first) {
    return (id < first ? "first_valid_" : "last_valid_") + std::string(name);
}

}  // namespace

Identity process_identity() {
    return {::geteuid(), ::getegid()};
}

base::Result<Identity, std::string> identify(const user::User& user,
                                             const config::Settings& settings, Identity process) {
    std::optional<uid_t> uid = user.uid;
    std::optional<gid_t> gid = user.gid;
    const std::string_view uid_source = uid ? "userdb lookup" : "mail_uid setting";
    const std::string_view gid_source = gid ? "userdb lookup" : "mail_gid setting";
    if (!uid && !settings.mail_uid.empty()) {
        uid = uid_of(settings.mail_uid);
        if (!uid) return base::Unexpected{"Unknown mail_uid user: " + settings.mail_uid};
    }
    if (!gid && !settings.mail_gid.empty()) {
        gid = gid_of(settings.mail_gid);
        if (!gid) return base::Unexpected{"Unknown mail_gid group: " + settings.mail_gid};
    }
    const bool as_root = process.uid == 0;
    if (!uid) {
        if (as_root)
            return base::Unexpected{std::string("User is missing UID (see mail_uid setting)")};
        return process;  // a private instance stores as the one who started it
    }
    if (*uid == 0) return base::Unexpected{std::string("Mail access not allowed for root")};
    if (!in_range(*uid, settings.first_valid_uid, settings.last_valid_uid) && as_root)
        return base::Unexpected{
            refused("UID", *uid, range_setting("uid", *uid, settings.first_valid_uid), uid_source)};
    if (!gid) {
        if (as_root)
            return base::Unexpected{std::string("User is missing GID (see mail_gid setting)")};
        gid = process.gid;
    }
    if (!in_range(*gid, settings.first_valid_gid, settings.last_valid_gid) && as_root)
        return base::Unexpected{
            refused("GID", *gid, range_setting("gid", *gid, settings.first_valid_gid), gid_source)};
    return Identity{*uid, *gid};
}

}  // namespace deliver
