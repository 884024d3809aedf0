// SPDX-License-Identifier: MIT
// A mailbox's id: the GUID in the first line of dovecot-uidlist (compat 5.2), by which IMAP knows
// it as MAILBOXID (RFC 8474) and annotations are filed. It stays when the mailbox is renamed.
#pragma once

#include <optional>
#include <string>

namespace store {

class FileSystem;
struct MailboxPath;

// 32 hexadecimal digits; nothing where no reader has given it one yet. Throws std::system_error.
std::optional<std::string> mailbox_id(FileSystem& files, const MailboxPath& path);

}  // namespace store
