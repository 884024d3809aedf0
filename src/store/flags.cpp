// SPDX-License-Identifier: MIT
#include "store/flags.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace store {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> system_flags = {{{"\\Draft", 'D'},
                                                                            {"\\Flagged", 'F'},
                                                                            {"\\Answered", 'R'},
                                                                            {"\\Seen", 'S'},
                                                                            {"\\Deleted", 'T'}}};

// RFC 3501 §9, atom. Dovecot reads 8-bit bytes in dovecot-keywords as they are; IMAP can't say
// them.
bool is_keyword(std::string_view name) {
    constexpr std::string_view special = "(){%*\"\\] ";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return c > ' ' && c < 0x7f && special.find(c) == std::string_view::npos;
    });
}

}  // namespace

MessageFlags parse_flags(std::span<const std::string> names) {
    MessageFlags flags;
    for (const std::string& name : names) {
        auto row = std::find_if(system_flags.begin(), system_flags.end(),
                                [&](const auto& flag) { return base::iequals(flag.first, name); });
        if (row != system_flags.end()) {
            if (flags.letters.find(row->second) == std::string::npos) flags.letters += row->second;
        } else if (is_keyword(name) &&
                   std::none_of(flags.keywords.begin(), flags.keywords.end(),
                                [&](const auto& k) { return base::iequals(k, name); })) {
            flags.keywords.push_back(name);
        }
    }
    std::sort(flags.letters.begin(), flags.letters.end());
    return flags;
}

}  // namespace store
