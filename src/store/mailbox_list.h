// SPDX-License-Identifier: MIT
// Which mailboxes there are: the inverse of store/mailbox_name.h, over the directories of a
// namespace. Free functions, thread-safe.
#pragma once

#include "store/mailbox_name.h"

#include <cstddef>
#include <string>
#include <vector>

namespace store {

class FileSystem;

// More directories than these are not looked at.
constexpr std::size_t max_listed_mailboxes = 100'000;

// Adds the names of the namespace's mailboxes but INBOX, sorted, as users say them. Directories
// whose names are no mailbox names are passed over. Throws std::system_error.
void list_mailboxes(FileSystem& files, const std::vector<Namespace>& namespaces,
                    const Namespace& space, std::vector<std::string>& names);

}  // namespace store
