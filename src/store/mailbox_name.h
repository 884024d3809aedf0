// SPDX-License-Identifier: MIT
// From the name that users and scripts say ("INBOX.Envoyés", UTF-8, with a namespace's prefix and
// separator) to the name in the storage (".Envoy&AOk-s") and its directory (compat 5.1, 9.3). INBOX
// is case-blind. Invariant: whatever the name holds, the directory lies at or under the location's
// root (or is its INBOX): no part is empty, ".", "..", or holds "/" or NUL.
#pragma once

#include "base/result.h"
#include "store/location.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace store {

// A name's limits (RFC 3501 has none): file names on Linux end at 255 bytes.
constexpr std::size_t max_mailbox_name_bytes = 4096;
constexpr std::size_t max_name_part_bytes = 255;
constexpr std::size_t max_name_parts = 100;   // each may be a directory to be made
constexpr std::size_t max_path_bytes = 4096;  // PATH_MAX, with a file name under it

// A namespace block, ready for use.
// mailbox NAME { special_use = \Junk ... }.
struct SpecialUse {
    std::string mailbox;            // relative to the namespace's prefix
    std::vector<std::string> uses;  // "\\Junk"
};

struct Namespace {
    std::string name;    // of the block; for messages
    std::string prefix;  // ends in the separator, or is empty; anything where list = no
    char separator = '.';
    bool inbox = true;
    bool subscriptions = true;
    Location location;
    std::string unusable;  // why no mailbox of it can be opened or listed; empty: they can
    // mailbox NAME { auto = create|subscribe }: names relative to the prefix.
    std::vector<std::string> auto_create;
    std::vector<std::string> auto_subscribe;
    std::vector<SpecialUse> special_uses;
};

// Where a mailbox is.
struct MailboxPath {
    const Namespace* space = nullptr;  // lives as long as the namespaces that were asked
    std::string name;                  // as the user says it; INBOX in upper case
    std::string storage_name;          // parts joined by the storage's separator: "a.b", "a/b"
    std::string directory;             // holds cur, new, tmp
    std::string list_directory;        // the mailbox's own: differs from `directory` by DIRNAME
    std::string control_directory;     // holds dovecot-uidlist and dovecot-keywords
    bool is_inbox = false;
};

struct NameError {
    std::string text;  // as Dovecot words it: "Invalid mailbox name: Begins with '~'"
};

// Finds the namespace (longest prefix) and the directory. Looks at no disk. A namespace's prefix by
// itself is INBOX where that namespace has inbox = yes.
base::Result<MailboxPath, NameError> locate_mailbox(const std::vector<Namespace>& namespaces,
                                                    std::string_view name);

// Joined by '.' (Maildir++) or '/'.
char storage_separator(Layout layout);

// A value that came from a %variable and becomes one part of a path: not empty, ".", "..", and
// without "/" and NUL.
bool safe_path_part(std::string_view value);

}  // namespace store
