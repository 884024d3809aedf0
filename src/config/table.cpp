// SPDX-License-Identifier: MIT
#include "config/table.h"

#include <algorithm>
#include <initializer_list>

namespace config {
namespace {

// '#' is an optional number, '*' the rest.
bool fits(std::string_view pattern, std::string_view name) {
    while (!pattern.empty()) {
        if (pattern.front() == '*') return !name.empty();
        if (pattern.front() == '#') {
            while (!name.empty() && name.front() >= '0' && name.front() <= '9')
                name.remove_prefix(1);
        } else if (name.empty() || name.front() != pattern.front()) {
            return false;
        } else {
            name.remove_prefix(1);
        }
        pattern.remove_prefix(1);
    }
    return name.empty();
}

}  // namespace

std::span<const Area> areas() {
    static const Area all[] = {{"Core, logging, users", core_settings},
                               {"Mail storage", mail_settings},
                               {"LDA, LMTP and sending", delivery_settings},
                               {"Authentication", auth_settings},
                               {"TLS", tls_settings},
                               {"Log-in and IMAP", imap_settings},
                               {"POP3 and ManageSieve", pop3_settings},
                               {"doveadm and statistics", doveadm_settings},
                               {"Features without a counterpart", foreign_settings}};
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

const Setting* find_plugin_setting(std::string_view name) {
    for (std::span<const Setting> rows : {sieve_plugin_settings, plugin_settings}) {
        for (const Setting& row : rows) {
            if (fits(row.name, name)) return &row;
        }
    }
    return nullptr;
}

}  // namespace config
