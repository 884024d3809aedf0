// SPDX-License-Identifier: MIT
// dovecot-keywords (compat 5.3): which letter a keyword has in the file names of a mailbox. Changed
// only while the locks of dovecot-uidlist and of the file itself are held, as Dovecot does, so both
// may work on a mailbox at once.
#pragma once

#include "store/dot_lock.h"
#include "store/mailbox.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct Disk;

constexpr std::size_t max_keywords_bytes = 1024 * 1024;

// Letters a to z; an empty name is a free one.
class KeywordTable {
  public:
    // Lines that are not "N name" with N in 0..25 are ignored.
    static KeywordTable parse(std::string_view content);
    std::string text() const;

    // Case-blind. '\0' where it has none.
    char find(std::string_view keyword) const;
    // The letter, given anew where need be (the first after all that are in use, else the first
    // free one); '\0' where all 26 are taken.
    char add(std::string_view keyword);
    bool is_full() const;
    // By its letter, 'a' to 'z'; empty where it has none.
    const std::string& name(char letter) const {
        return names_[static_cast<std::size_t>(letter - 'a')];
    }

  private:
    std::array<std::string, 26> names_;
};

struct KeywordLetters {
    std::string letters;                // in order
    std::vector<std::string> left_out;  // 26 others have a letter: Dovecot's index alone keeps such
};

// The letters of these keywords in this mailbox; new ones are written down first (synced where
// `durable`). Throws std::system_error.
KeywordLetters keyword_letters(Disk& disk, const Mailbox& mailbox,
                               std::span<const std::string> keywords, DotLockTimes times,
                               bool durable);

}  // namespace store
