// SPDX-License-Identifier: MIT
// IMAP flags and keywords of a new message, and their letters in a Maildir file name (compat 5.3).
// Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace store {

struct MessageFlags {
    std::string letters;                // system flags, sorted: "FS"
    std::vector<std::string> keywords;  // each once, ASCII case-blind
    bool empty() const { return letters.empty() && keywords.empty(); }
};

// From names such as "\Seen" and "$Junk" (RFC 3501 §2.3.2). System flags are case-blind; \Recent
// and what is no flag (an unknown one with backslash, or characters that IMAP's atom hasn't got) is
// left out.
MessageFlags parse_flags(std::span<const std::string> names);

}  // namespace store
