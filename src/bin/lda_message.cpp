// SPDX-License-Identifier: MIT
#include "bin/lda_message.h"

#include "base/fd.h"
#include "base/text.h"

namespace bin {
namespace {

constexpr std::string_view from_line = "From ";
constexpr std::size_t max_from_line_bytes = 4096;  // a longer first line is no "From " line

// Cuts a leading "From sender date" line off `bytes`; gives the sender.
std::optional<std::string> take_from_line(std::string_view& bytes) {
    if (!bytes.starts_with(from_line)) return std::nullopt;
    std::size_t end = bytes.substr(0, max_from_line_bytes).find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    auto words = base::words(base::trim(bytes.substr(from_line.size(), end - from_line.size())));
    bytes.remove_prefix(end + 1);
    return words.empty() ? std::string() : std::string(words.front());
}

}  // namespace

LdaMessage read_message(int fd, std::string_view name, base::Spool::Limits limits) {
    LdaMessage message{.spool = base::Spool(std::move(limits))};
    std::string head;  // until it is known whether the first line is a "From " line
    bool begun = false;
    char buffer[64 * 1024];
    for (;;) {
        std::size_t got = base::read_some(fd, buffer, sizeof buffer, name);
        std::string_view bytes(buffer, got);
        if (!begun) {
            head.append(bytes);
            if (got > 0 && head.size() < max_from_line_bytes &&
                head.find('\n') == std::string::npos)
                continue;
            begun = true;
            bytes = head;
            message.from_sender = take_from_line(bytes);
        }
        message.spool.append(bytes);
        if (got == 0) break;
    }
    message.spool.seal();
    return message;
}

}  // namespace bin
