// SPDX-License-Identifier: MIT
#include "store/mailbox_id.h"

#include "base/error.h"
#include "base/text.h"
#include "store/file_system.h"
#include "store/mailbox_name.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace store {
namespace {

constexpr std::size_t id_digits = 32;
// The header line is short, whatever follows.
constexpr std::size_t header_bytes = 1024;

bool is_id(std::string_view text) {
    return text.size() == id_digits && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace

std::optional<std::string> mailbox_id(FileSystem& files, const MailboxPath& path) {
    const std::string file = path.control_directory + "/dovecot-uidlist";
    const auto fd = files.open_existing(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (!fd) return std::nullopt;
    std::array<char, header_bytes> buffer{};
    ssize_t count = 0;
    do
        count = ::read(fd->get(), buffer.data(), buffer.size());
    while (count < 0 && errno == EINTR);
    if (count < 0) base::throw_errno("read", file);
    std::string_view line(buffer.data(), static_cast<std::size_t>(count));
    line = line.substr(0, line.find('\n'));
    for (const std::string_view word : base::words(line))
        if (word.starts_with('G') && is_id(word.substr(1))) return std::string(word.substr(1));
    return std::nullopt;
}

}  // namespace store
