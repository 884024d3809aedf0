// SPDX-License-Identifier: MIT
#include "config/table.h"

#include <algorithm>

namespace config {
namespace {

constexpr std::string_view foreign_prefixes[] = {"director_",
                                                 "imapc_",
                                                 "mail_attachment_",
                                                 "mbox_",
                                                 "mdbox_",
                                                 "pop3c_",
                                                 "replication_",
                                                 "submission_relay_",
                                                 "submission_client_",
                                                 "dsync_"};

}  // namespace

std::span<const Area> areas() {
    static const Area all[] = {{"Core, logging, users", core_settings},
                               {"Mail storage", mail_settings},
                               {"LDA, LMTP and sending", delivery_settings},
                               {"Authentication", auth_settings},
                               {"TLS", tls_settings},
                               {"Log-in and IMAP", imap_settings},
                               {"POP3 and ManageSieve", pop3_settings},
                               {"doveadm and statistics", doveadm_settings}};
    return all;
}

const Setting* find_setting(std::span<const Setting> rows, std::string_view name) {
    auto at = std::lower_bound(
        rows.begin(), rows.end(), name,
        [](const Setting& row, std::string_view wanted) { return row.name < wanted; });
    return at != rows.end() && at->name == name ? &*at : nullptr;
}

const Setting* find_setting(std::string_view name) {
    for (const Area& area : areas()) {
        if (const Setting* row = find_setting(area.rows, name)) return row;
    }
    return nullptr;
}

const Section* find_section(std::span<const Section* const> among, std::string_view type) {
    for (const Section* section : among) {
        if (section->type == type) return section;
    }
    return nullptr;
}

bool is_foreign_setting(std::string_view name) {
    return std::any_of(std::begin(foreign_prefixes), std::end(foreign_prefixes),
                       [name](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace config
