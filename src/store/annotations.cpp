// SPDX-License-Identifier: MIT
#include "store/annotations.h"

#include "base/text.h"
#include "store/disk.h"
#include "store/tab_escape.h"

#include <utility>

namespace store {
namespace {

constexpr std::string_view server_prefix = "vendor/vendor.dovecot/pvt/server/";

// The next line, cut off from `rest` with its end.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

}  // namespace

std::optional<std::string> annotation_key(AnnotationOf whose, std::string_view mailbox_id,
                                          std::string_view entry) {
    std::string key;
    for (const auto& [prefix, stored] :
         {std::pair<std::string_view, std::string_view>("/private/", "priv/"),
          std::pair<std::string_view, std::string_view>("/shared/", "shared/")}) {
        if (!base::istarts_with(entry, prefix)) continue;
        key.append(stored).append(mailbox_id).append("/");
        if (whose == AnnotationOf::server) key += server_prefix;
        return key + base::to_lower(entry.substr(prefix.size()));
    }
    return std::nullopt;
}

Annotations parse_annotations(std::string_view content) {
    Annotations annotations;
    while (!content.empty()) {
        const std::string_view key = take_line(content);
        const std::string_view value = take_line(content);
        annotations.try_emplace(tab_unescaped(key), tab_unescaped(value));
    }
    return annotations;
}

std::string with_annotation(std::string_view content, std::string_view key,
                            std::optional<std::string_view> value) {
    const std::string wanted = tab_escaped(key);
    std::string result;
    while (!content.empty()) {
        const std::string_view found = take_line(content);
        const std::string_view old = take_line(content);
        if (found != wanted) result.append(found).append("\n").append(old).append("\n");
    }
    if (value) result.append(wanted).append("\n").append(tab_escaped(*value)).append("\n");
    return result;
}

Annotations read_annotations(Disk& disk, const std::string& file) {
    const auto content = disk.files.read(file, max_annotations_bytes);
    return content ? parse_annotations(*content) : Annotations();
}

void write_annotation(Disk& disk, const std::string& file, std::string_view key,
                      std::optional<std::string_view> value, DotLockTimes times, bool durable) {
    // Only the user reads them: a value may hold secrets.
    DotLock lock(disk, file, Permissions{}, times);
    const auto content = disk.files.read(file, max_annotations_bytes);
    lock.replace(with_annotation(content.value_or(std::string()), key, value), durable);
}

}  // namespace store
