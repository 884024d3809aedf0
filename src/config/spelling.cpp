// SPDX-License-Identifier: MIT
#include "config/spelling.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

namespace config {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    constexpr std::size_t most = 64;
    a = a.substr(0, most);
    b = b.substr(0, most);
    std::array<std::size_t, most + 1> rows[3];
    auto *before = rows[0].data(), *last = rows[1].data(), *now = rows[2].data();
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

std::string spelling_hint_among(std::string_view name, const std::vector<std::string_view>& known) {
    std::string_view nearest;
    std::size_t best = name.size() / 3 + 2;  // farther is no misspelling
    std::string lower = base::to_lower(name);
    for (std::string_view candidate : known) {
        std::size_t longer = std::max(lower.size(), candidate.size());
        if (longer - std::min(lower.size(), candidate.size()) >= best) continue;
        std::size_t distance = edit_distance(lower, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?";
}

namespace {

using Names = std::vector<std::string_view>;

void add_names(Names& names, std::span<const Setting> settings,
               std::span<const Section* const> sections) {
    for (const Setting& setting : settings)
        names.push_back(setting.name);
    for (const Section* section : sections)
        names.push_back(section->type);
}

// "service { unix_listener" for a name that is a key or section in there.
std::string home_of(std::string_view name, std::span<const Section* const> among) {
    for (const Section* section : among) {
        std::string type(section->type);
        if (find_setting(section->keys, name) || find_section(section->inner, name)) return type;
        if (std::string deeper = home_of(name, section->inner); !deeper.empty())
            return type + " { " + deeper;
    }
    return {};
}

std::string known_elsewhere(std::string_view name, const Section* inside) {
    std::string quoted = "'" + std::string(name) + "'";
    if (inside && find_setting(name)) return quoted + " stands at the top, outside of sections";
    if (!inside && find_plugin_setting(name)) return quoted + " stands in plugin {}";
    std::string home = home_of(name, top_sections());
    return home.empty() ? std::string() : quoted + " stands in " + home + " {}";
}

// Beginnings of names that came with Dovecot 2.4 and that 2.3 refuses, too.
constexpr std::string_view later_names[] = {"dovecot_config_version",
                                            "dovecot_storage_version",
                                            "mail_driver",
                                            "mail_path",
                                            "mail_inbox_path",
                                            "mail_index_path",
                                            "mail_control_path",
                                            "mailbox_list_",
                                            "ssl_server_",
                                            "ssl_client_ca",
                                            "ssl_client_cert_file",
                                            "ssl_client_key_file",
                                            "sieve_script",
                                            "auth_allow_cleartext",
                                            "passdb_",
                                            "userdb_",
                                            "sql_",
                                            "mysql",
                                            "pgsql",
                                            "sqlite",
                                            "ldap_"};

bool is_later(std::string_view name) {
    return std::any_of(std::begin(later_names), std::end(later_names), [name](auto one) {
        return one.ends_with('_') || one.starts_with("mysql") || one.starts_with("pgsql")
                   ? name.starts_with(one)
                   : name == one;
    });
}

// The area in which most names begin with the same word.
std::string kind_of(std::string_view name) {
    std::string_view word = name.substr(0, name.find('_') + 1);  // whole, without a '_': empty
    std::string_view title;
    std::ptrdiff_t most = 0;
    for (const Area& area : areas()) {
        auto alike = std::count_if(area.rows.begin(), area.rows.end(), [word](const Setting& row) {
            return !word.empty() && row.name.starts_with(word);
        });
        if (alike > most) {
            most = alike;
            title = area.title;
        }
    }
    if (title.empty()) return {};
    return "by its name it belongs to: " + std::string(title) +
           " (effect: none, as nobody knows it)";
}

}  // namespace

std::string spelling_hint(std::string_view name, const Section* inside) {
    if (std::string elsewhere = known_elsewhere(name, inside); !elsewhere.empty()) return elsewhere;
    if (!inside && is_later(name))
        return "a setting of Dovecot 2.4 or later; this is the language of 2.3 (effect: none)";
    Names known;
    if (inside) {
        add_names(known, inside->keys, inside->inner);
        return spelling_hint_among(name, known);
    }
    known = {"protocol", "local", "remote", "local_name", "!include", "!include_try"};
    for (const Area& area : areas())
        add_names(known, area.rows, {});
    add_names(known, {}, top_sections());
    std::string near = spelling_hint_among(name, known);
    return near.empty() ? kind_of(name) : near;
}

std::string spelling_hint_in_plugin(std::string_view name) {
    std::string plain;
    for (char c : name) {
        if (c < '0' || c > '9') plain += c;
    }
    std::vector<std::string> patterns;
    for (std::span<const Setting> rows : {sieve_plugin_settings, plugin_settings}) {
        for (const Setting& row : rows) {
            std::string& pattern = patterns.emplace_back();
            for (char c : row.name) {
                if (c != '#' && c != '*') pattern += c;
            }
        }
    }
    return spelling_hint_among(plain, {patterns.begin(), patterns.end()});
}

}  // namespace config
