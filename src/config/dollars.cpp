// SPDX-License-Identifier: MIT
#include "config/dollars.h"

#include "base/text.h"

#include <cstdlib>
#include <utility>

namespace config {

std::optional<std::string> replace_dollars(
    std::string_view value,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup) {
    std::string replaced;
    bool first = true;
    for (std::string_view word : base::words(value)) {
        if (!std::exchange(first, false)) replaced += ' ';
        if (word.starts_with('$')) {
            auto known = lookup(word.substr(1));
            if (!known) return std::nullopt;
            replaced += *known;
        } else {
            replaced.append(word);
        }
    }
    return replaced;
}

std::optional<std::string> environment_value(std::string_view name) {
    constexpr std::string_view prefix = "ENV:";
    if (!name.starts_with(prefix)) return std::nullopt;
    const char* found = std::getenv(std::string(name.substr(prefix.size())).c_str());
    return std::string(found ? found : "");
}

}  // namespace config
