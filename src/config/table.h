// SPDX-License-Identifier: MIT
// The one table of known settings (compat 1.5, 1.7, 9.3, 9.7): parser, typed settings, `tamis
// config`, man page and checks read it. Rows are sorted by name within each area; looking one up is
// a binary search.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace config {

enum class Type {
    text,           // free
    template_text,  // free, %variables are expanded when it is used
    boolean,
    number,
    octal,  // a listener's mode
    size,
    time,
    milliseconds,  // time with ms units allowed
    one_of,        // `choices`
    file,          // "<path" or inline text
    port,
};

enum class Effect {
    acts,   // a program of ours acts on it
    later,  // known and accepted; nothing acts on it yet, and programs say so when it is set
    later_delivery,  // the same, and mail is stored or taken otherwise than it asks
    none,            // belongs to something that has no counterpart here, or has lost its meaning
};

struct Setting {
    std::string_view name;
    Type type = Type::text;
    std::string_view default_value;
    std::string_view choices;  // space-separated, for one_of
    Effect effect = Effect::later;
    std::string_view help;  // one line
    bool hidden = false;    // listed only on demand (doveconf -s)
};

template <std::size_t N>
constexpr bool sorted_by_name(const Setting (&rows)[N]) {
    for (std::size_t i = 1; i < N; ++i) {
        if (!(rows[i - 1].name < rows[i].name)) return false;
    }
    return true;
}

extern const std::span<const Setting> core_settings;
extern const std::span<const Setting> mail_settings;
extern const std::span<const Setting> delivery_settings;
extern const std::span<const Setting> imap_settings;
extern const std::span<const Setting> pop3_settings;
extern const std::span<const Setting> auth_settings;
extern const std::span<const Setting> tls_settings;
extern const std::span<const Setting> doveadm_settings;
extern const std::span<const Setting> foreign_settings;
// Names inside plugin {}: patterns, where '#' stands for an optional number and '*' for the rest.
extern const std::span<const Setting> plugin_settings;
extern const std::span<const Setting> sieve_plugin_settings;
// What mail_plugins may name; only name, effect and help count.
extern const std::span<const Setting> mail_plugin_names;

struct Area {
    std::string_view title;
    std::span<const Setting> rows;
};
// All areas of top-level settings, in the order of the manual page.
std::span<const Area> areas();

// A section type ("service") and the keys and sections inside it.
struct Section {
    std::string_view type;
    enum class Naming {
        unique_name,
        list,
        strings
    } naming;  // merged by name, each a new entry, or free keys
    std::span<const Setting> keys;
    std::span<const Section* const> inner;
};
// The sections that may stand at the top (filters are not among them).
std::span<const Section* const> top_sections();
const Section* find_section(std::span<const Section* const> among, std::string_view type);

const Setting* find_setting(std::string_view name);
const Setting* find_setting(std::span<const Setting> rows, std::string_view name);
// The row whose pattern fits a name inside plugin {}, or null.
const Setting* find_plugin_setting(std::string_view name);

}  // namespace config
