// SPDX-License-Identifier: MIT
// Messages that lie in a Maildir: finding them, and what may be done with one (compat 5.3). Readers
// may rename a file at any time to change its flags, so each step looks for it again by what stands
// before the flags in its name. Free functions, thread-safe.
#pragma once

#include "base/clock.h"
#include "store/dot_lock.h"
#include "store/flags.h"
#include "store/mailbox.h"

#include <optional>
#include <string>
#include <vector>

namespace store {

struct Disk;

struct StoredMessage {
    std::string path;
    std::string base_name;  // of the file, without its flags
    std::string letters;    // its flags, as in the name; keywords are lower-case letters
};

// In the order of their arrival, by the time in their names. Throws std::system_error.
std::vector<StoredMessage> stored_messages(Disk& disk, const Mailbox& mailbox);

// The message where it is by now, with the flags that it has; nothing where it is gone.
std::optional<StoredMessage> find_message(Disk& disk, const Mailbox& mailbox,
                                          const StoredMessage& message);

// "\\Seen", "$Junk": flags and keywords by name.
std::vector<std::string> flag_names(Disk& disk, const Mailbox& mailbox,
                                    const StoredMessage& message);

// When it came: its file's mtime, IMAP's INTERNALDATE. Nothing where it is gone.
std::optional<base::WallTime> received_time(Disk& disk, const Mailbox& mailbox,
                                            const StoredMessage& message);

// Gives the message flags and takes others, by name ("\\Seen", "$Junk"), from it; all others that
// it has by then stay. False where it is gone. Throws std::system_error.
bool change_flags(Disk& disk, const Mailbox& mailbox, const StoredMessage& message,
                  const std::vector<std::string>& added, const std::vector<std::string>& removed,
                  DotLockTimes times, bool durable);
// False where it was gone already. Throws likewise.
bool remove_message(Disk& disk, const Mailbox& mailbox, const StoredMessage& message);

}  // namespace store
