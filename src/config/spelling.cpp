// SPDX-License-Identifier: MIT
#include "config/spelling.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <initializer_list>

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

std::string spelling_hint(std::string_view name, std::span<const Setting> among) {
    std::vector<std::string_view> known;
    for (const Setting& setting : among)
        known.push_back(setting.name);
    return spelling_hint_among(name, known);
}

std::string spelling_hint(std::string_view name) {
    std::vector<std::string_view> known = {"protocol",   "local",    "remote",
                                           "local_name", "!include", "!include_try"};
    for (const Section* section : top_sections())
        known.push_back(section->type);
    for (const Area& area : areas()) {
        for (const Setting& setting : area.rows)
            known.push_back(setting.name);
    }
    return spelling_hint_among(name, known);
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
