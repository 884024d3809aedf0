// SPDX-License-Identifier: MIT
// The directories of mailboxes: finding out that they are there, making them, and sweeping tmp/
// (compat 5.1, 5.10). Any number of processes may do so at once: what another one made meanwhile is
// as good as made here. Free functions, thread-safe.
#pragma once

#include "base/clock.h"
#include "store/mailbox.h"
#include "store/mailbox_name.h"
#include "store/permissions.h"

#include <chrono>
#include <optional>
#include <string>
#include <sys/stat.h>

namespace store {

class FileSystem;

// A file left in tmp/ by a crash is not anybody's any more after this time (as Dovecot has it).
constexpr std::chrono::hours tmp_file_age{36};

// Whether there is a mailbox: in Maildir++ a directory, in LAYOUT=fs one with cur/ in it (without,
// it only holds others). Throws std::system_error where it can't be known.
bool mailbox_exists(FileSystem& files, const MailboxPath& path);

// Makes what is missing of the mailbox, from its root's parents down to cur, new and tmp, with
// permissions from the nearest parent mailbox. Throws std::system_error.
void make_mailbox_directories(FileSystem& files, const MailboxPath& path, bool durable);

// Makes cur, new and tmp where they are missing.
void make_subdirectories(FileSystem& files, const std::string& directory,
                         const Permissions& permissions, bool durable);

// Makes the directory that holds dovecot-keywords and subscriptions (CONTROL=) where it is another
// one than the mailbox's.
void make_control_directory(FileSystem& files, const MailboxPath& path,
                            const Permissions& permissions, bool durable);

// mkdir -p. Parts below `root` inherit their parent's permissions; `root` itself and what is above
// it are private unless their parent has set-group-id.
void make_directory_chain(FileSystem& files, const std::string& directory, const std::string& root,
                          bool durable);

// Unlinks files in tmp/ older than tmp_file_age, at most once in `interval`. Failures are nobody's
// concern: the next one tries again.
void sweep_tmp(FileSystem& files, const std::string& tmp, const struct stat& status,
               base::WallTime now, std::chrono::seconds interval) noexcept;

}  // namespace store
