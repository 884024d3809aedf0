// SPDX-License-Identifier: MIT
// Names and small files of the store that others write: mail locations, mailbox names in every
// layout, modified UTF-7, dovecot-keywords, subscriptions. A directory must never lead out of its
// root.
#include "store/keywords.h"
#include "store/location.h"
#include "store/mailbox_name.h"
#include "store/modified_utf7.h"
#include "store/subscriptions.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

store::Namespace space(std::string_view location, char separator) {
    store::Namespace made{.prefix = "INBOX.", .separator = separator};
    made.prefix.back() = separator;
    made.location = store::parse_location(location, "/home").value();
    return made;
}

void check_inside(const std::string& directory, const std::string& root) {
    require(directory == root || directory.starts_with(root + "/"));
    require(directory.find('\0') == directory.npos);
    for (std::string_view around : {"/../", "/./", "//"}) {
        require((directory + "/").find(around) == directory.npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    static const std::vector<std::vector<store::Namespace>> layouts = {
        {space("maildir:/m", '.')},
        {space("maildir:/m", '/')},
        {space("maildir:/m:UTF-8", '.')},
        {space("maildir:/m:LAYOUT=fs", '/')},
        {space("maildir:/m:LAYOUT=fs:DIRNAME=mbx:UTF-8", '.')},
    };
    for (const auto& namespaces : layouts) {
        for (std::string name : {std::string(text), namespaces[0].prefix + std::string(text)}) {
            auto path = store::locate_mailbox(namespaces, name);
            if (!path) continue;
            check_inside(path->directory, "/m");
            check_inside(path->control_directory, "/m");
        }
    }
    if (auto encoded = store::to_modified_utf7(text))
        require(store::from_modified_utf7(*encoded) == text);
    if (auto decoded = store::from_modified_utf7(text))
        require(store::to_modified_utf7(*decoded) == text);
    if (auto location = store::parse_location(text, "/home")) require(location->root[0] == '/');
    store::KeywordTable table = store::KeywordTable::parse(text);
    require(store::KeywordTable::parse(table.text()).text() == table.text());
    std::string once = store::with_subscription(text, "a.b", '.');
    require(store::with_subscription(once, "a.b", '.') == once);
    return 0;
}
