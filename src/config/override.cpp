// SPDX-License-Identifier: MIT
// "-o key=value" of a command line.
#include "config/parser.h"
#include "config/value.h"

#include <algorithm>

namespace config {

std::string apply_override(Document& document, std::string_view path, std::string_view value) {
    std::string key(path);
    const Setting* setting = find_setting(key);
    if (!setting) {
        // type/name/key of a section; the first part decides.
        std::size_t slash = key.find('/');
        const Section* section = slash == std::string::npos
                                     ? nullptr
                                     : find_section(top_sections(), path.substr(0, slash));
        if (!section) return "Unknown setting: " + key;
        std::string_view last = path.substr(path.rfind('/') + 1);
        if (section->naming == Section::Naming::unique_name && section->inner.empty() == false &&
            last == path.substr(slash + 1)) {
            return "Unknown setting: " + key;
        }
        if (section->naming != Section::Naming::strings) {
            const Section* owner = section;
            for (const Section* inner : section->inner) {
                if (path.find("/" + std::string(inner->type) + "/") != std::string_view::npos)
                    owner = inner;
            }
            setting = find_setting(owner->keys, last);
            if (!setting) return "Unknown setting: " + key;
        }
        std::replace(key.begin(), key.end(), '/', path_separator);
        document.groups.front().open(key.substr(0, key.rfind(path_separator) + 1));
    }
    bool from_file = value.starts_with('<');
    if (setting && !from_file) {
        if (std::string error = check_value(*setting, value); !error.empty()) return error;
    }
    for (Group& group : document.groups) {
        if (&group == &document.groups.front() || group.find(key)) {
            group.assign({key, std::string(value), std::string(value), from_file, setting, {}});
        }
    }
    return {};
}

}  // namespace config
