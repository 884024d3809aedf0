// SPDX-License-Identifier: MIT
#include "config/dollars.h"

#include "base/text.h"

#include <cstdlib>
#include <utility>

namespace config {

std::optional<std::string> replace_dollars(
    std::string_view value,
    const std::function<std::optional<std::string>(std::string_view name)>& lookup) {
    constexpr std::string_view environment = "$ENV:";
    std::string replaced;
    bool first = true;
    for (std::string_view word : base::words(value)) {
        if (!std::exchange(first, false)) replaced += ' ';
        if (word.starts_with(environment)) {
            const char* found = std::getenv(std::string(word.substr(environment.size())).c_str());
            replaced += found ? found : "";
        } else if (word.starts_with('$')) {
            auto known = lookup(word.substr(1));
            if (!known) return std::nullopt;
            replaced += *known;
        } else {
            replaced.append(word);
        }
    }
    return replaced;
}

}  // namespace config
