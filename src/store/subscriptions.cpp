// SPDX-License-Identifier: MIT
#include "store/subscriptions.h"

#include "base/text.h"
#include "store/disk.h"
#include "store/tab_escape.h"

namespace store {
namespace {

constexpr std::string_view version_2 = "V\t2";
constexpr std::string_view new_file = "V\t2\n\n";

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string version_2_line(std::string_view name, char separator) {
    std::string line;
    for (char c : name) {
        if (c == separator) {
            line += '\t';
        } else {
            append_tab_escaped(line, c);
        }
    }
    return line;
}

bool has_line(std::string_view content, std::string_view wanted) {
    for (std::string_view line : base::split(content, '\n')) {
        if (without_line_end(line) == wanted) return true;
    }
    return false;
}

}  // namespace

std::string with_subscription(std::string_view content, std::string_view name, char separator) {
    std::string_view first = without_line_end(content.substr(0, content.find('\n')));
    std::string line =
        content.empty() || first == version_2 ? version_2_line(name, separator) : std::string(name);
    std::string result(content.empty() ? new_file : content);
    if (has_line(content, line)) return result;
    if (!result.ends_with('\n')) result += '\n';
    return result + line + "\n";
}

void add_subscription(Disk& disk, const std::string& file, std::string_view name, char separator,
                      const Permissions& permissions, DotLockTimes times, bool durable) {
    auto before = disk.files.read(file, max_subscriptions_bytes);
    if (before && with_subscription(*before, name, separator) == *before) return;
    DotLock lock(disk, file, permissions, times);
    auto now = disk.files.read(file, max_subscriptions_bytes);
    std::string wanted = with_subscription(now.value_or(std::string()), name, separator);
    if (now && *now == wanted) return;
    lock.replace(wanted, durable);
}

}  // namespace store
