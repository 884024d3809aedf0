// SPDX-License-Identifier: MIT
#include "store/keywords.h"

#include "base/text.h"
#include "store/directories.h"
#include "store/disk.h"

#include <algorithm>

namespace store {
namespace {

constexpr std::string_view file_name = "/dovecot-keywords";
constexpr std::string_view uidlist_name = "/dovecot-uidlist";

KeywordLetters find_all(const KeywordTable& table, std::span<const std::string> keywords) {
    KeywordLetters found;
    for (const std::string& keyword : keywords) {
        if (char letter = table.find(keyword)) {
            found.letters += letter;
        } else {
            found.left_out.push_back(keyword);
        }
    }
    std::sort(found.letters.begin(), found.letters.end());
    return found;
}

KeywordTable read_table(Disk& disk, const std::string& file) {
    return KeywordTable::parse(disk.files.read(file, max_keywords_bytes).value_or(std::string()));
}

}  // namespace

KeywordTable KeywordTable::parse(std::string_view content) {
    KeywordTable table;
    for (std::string_view line : base::split(content, '\n')) {
        std::size_t space = line.find(' ');
        auto number = base::parse_number<unsigned>(line.substr(0, space));
        if (space == line.npos || !number || *number >= table.names_.size()) continue;
        table.names_[*number] = line.substr(space + 1);
    }
    return table;
}

std::string KeywordTable::text() const {
    std::string text;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (!names_[i].empty()) text += std::to_string(i) + " " + names_[i] + "\n";
    }
    return text;
}

char KeywordTable::find(std::string_view keyword) const {
    auto found = std::find_if(names_.begin(), names_.end(), [&](const std::string& name) {
        return base::iequals(name, keyword);
    });
    if (keyword.empty() || found == names_.end()) return '\0';
    return static_cast<char>('a' + (found - names_.begin()));
}

char KeywordTable::add(std::string_view keyword) {
    if (char letter = find(keyword)) return letter;
    auto used = std::find_if(names_.rbegin(), names_.rend(),
                             [](const std::string& name) { return !name.empty(); });
    auto place = used.base();  // one past the last in use
    if (place == names_.end()) place = std::find(names_.begin(), names_.end(), std::string());
    if (keyword.empty() || place == names_.end()) return '\0';
    *place = keyword;
    return static_cast<char>('a' + (place - names_.begin()));
}

bool KeywordTable::is_full() const {
    return std::none_of(names_.begin(), names_.end(),
                        [](const std::string& name) { return name.empty(); });
}

KeywordLetters keyword_letters(Disk& disk, const Mailbox& mailbox,
                               std::span<const std::string> keywords, DotLockTimes times,
                               bool durable) {
    if (keywords.empty()) return {};
    std::string file = mailbox.path.control_directory;
    file += file_name;
    // Letters never change their meaning, so knowing them needs no lock.
    KeywordTable table = read_table(disk, file);
    KeywordLetters known = find_all(table, keywords);
    if (known.left_out.empty() || table.is_full()) return known;
    make_control_directory(disk.files, mailbox.path, mailbox.permissions, durable);
    std::string uidlist = mailbox.path.control_directory;
    uidlist += uidlist_name;
    DotLock uidlist_lock(disk, uidlist, mailbox.permissions, times);
    uidlist_lock.write_owner();
    table = read_table(disk, file);
    std::string before = table.text();
    for (const std::string& keyword : keywords)
        table.add(keyword);
    if (table.text() != before) {
        DotLock lock(disk, file, mailbox.permissions, times, &uidlist_lock);
        lock.replace(table.text(), durable);
    }
    return find_all(table, keywords);
}

}  // namespace store
