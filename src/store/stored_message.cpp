// SPDX-License-Identifier: MIT
#include "store/stored_message.h"

#include "base/text.h"
#include "store/disk.h"
#include "store/keywords.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace store {
namespace {

constexpr std::string_view flags_mark = ":2,";
constexpr std::array<const char*, 2> places{"/new/", "/cur/"};
constexpr std::array<std::pair<char, std::string_view>, 5> system_letters{{{'D', "\\Draft"},
                                                                           {'F', "\\Flagged"},
                                                                           {'R', "\\Answered"},
                                                                           {'S', "\\Seen"},
                                                                           {'T', "\\Deleted"}}};

std::string_view without_flags(std::string_view name) {
    return name.substr(0, name.find(flags_mark));
}

std::uint64_t leading_number(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    return base::parse_number<std::uint64_t>(text.substr(0, end)).value_or(0);
}

// "1795300031.M7P12.host": seconds, then what stands behind M.
std::tuple<std::uint64_t, std::uint64_t, std::string_view> arrival(const StoredMessage& message) {
    const std::string_view name = message.base_name;
    const std::size_t m = name.find(".M");
    return {leading_number(name),
            m == std::string_view::npos ? 0 : leading_number(name.substr(m + 2)), name};
}

StoredMessage in_directory(const std::string& directory, std::string_view name) {
    StoredMessage message;
    message.path = directory + std::string(name);
    message.base_name = without_flags(name);
    if (const std::size_t mark = name.find(flags_mark); mark != std::string_view::npos)
        message.letters = name.substr(mark + flags_mark.size());
    return message;
}

// Letters with a name, in the order of the message's.
template <typename Each>
void each_named(Disk& disk, const Mailbox& mailbox, std::string_view letters, Each each) {
    std::optional<KeywordTable> keywords;
    for (const char letter : letters) {
        for (const auto& [known, name] : system_letters)
            if (letter == known) each(letter, std::string(name));
        if (letter < 'a' || letter > 'z') continue;
        if (!keywords)
            keywords = KeywordTable::parse(
                disk.files
                    .read(mailbox.path.control_directory + "/dovecot-keywords", max_keywords_bytes)
                    .value_or(std::string()));
        if (const std::string& name = keywords->name(letter); !name.empty()) each(letter, name);
    }
}

}  // namespace

std::vector<StoredMessage> stored_messages(Disk& disk, const Mailbox& mailbox) {
    std::vector<StoredMessage> messages;
    for (const char* place : places) {
        const std::string directory = mailbox.path.directory + place;
        disk.files.walk(directory, [&](std::string_view name) {
            if (!name.starts_with('.')) messages.push_back(in_directory(directory, name));
            return true;
        });
    }
    std::ranges::sort(messages, {}, arrival);
    // One that a reader moved from new/ to cur/ meanwhile is there twice.
    const auto is_same = [](const StoredMessage& one, const StoredMessage& other) {
        return one.base_name == other.base_name;
    };
    messages.erase(std::unique(messages.begin(), messages.end(), is_same), messages.end());
    return messages;
}

std::optional<StoredMessage> find_message(Disk& disk, const Mailbox& mailbox,
                                          const StoredMessage& message) {
    if (disk.files.link_status(message.path)) return message;
    std::optional<StoredMessage> found;
    for (const char* place : places) {
        const std::string directory = mailbox.path.directory + place;
        disk.files.walk(directory, [&](std::string_view name) {
            if (without_flags(name) == message.base_name) found = in_directory(directory, name);
            return !found;
        });
        if (found) break;
    }
    return found;
}

std::vector<std::string> flag_names(Disk& disk, const Mailbox& mailbox,
                                    const StoredMessage& message) {
    std::vector<std::string> names;
    each_named(disk, mailbox, message.letters,
               [&names](char, const std::string& name) { names.push_back(name); });
    return names;
}

std::optional<base::WallTime> received_time(Disk& disk, const Mailbox& mailbox,
                                            const StoredMessage& message) {
    const auto found = find_message(disk, mailbox, message);
    const auto status = found ? disk.files.link_status(found->path) : std::nullopt;
    if (!status) return std::nullopt;
    return base::WallTime(std::chrono::seconds(status->st_mtim.tv_sec) +
                          std::chrono::microseconds(status->st_mtim.tv_nsec / 1000));
}

bool change_flags(Disk& disk, const Mailbox& mailbox, const StoredMessage& message,
                  const std::vector<std::string>& added, const std::vector<std::string>& removed,
                  DotLockTimes times, bool durable) {
    const MessageFlags flags = parse_flags(added);
    const std::string more =
        flags.letters + keyword_letters(disk, mailbox, flags.keywords, times, durable).letters;
    const auto goes = [&removed](const std::string& name) {
        return std::ranges::any_of(
            removed, [&name](const std::string& each) { return base::iequals(each, name); });
    };
    for (int tries = 0; tries < 3; ++tries) {
        const auto found = find_message(disk, mailbox, message);
        if (!found) return false;
        std::string letters = found->letters + more;
        each_named(disk, mailbox, found->letters, [&](char letter, const std::string& name) {
            if (goes(name)) std::erase(letters, letter);
        });
        std::ranges::sort(letters);
        letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
        const std::string to =
            mailbox.path.directory + "/cur/" + found->base_name + std::string(flags_mark) + letters;
        if (found->path == to || disk.files.rename_new(found->path, to)) {
            if (durable) disk.files.sync_directory(mailbox.path.directory + "/cur");
            return true;
        }
    }
    return false;
}

bool remove_message(Disk& disk, const Mailbox& mailbox, const StoredMessage& message) {
    for (int tries = 0; tries < 3; ++tries) {
        const auto found = find_message(disk, mailbox, message);
        if (!found) return false;
        if (disk.files.unlink(found->path)) return true;
    }
    return false;
}

}  // namespace store
