// SPDX-License-Identifier: MIT
// The subscriptions file (compat 5.6): version 2 for new files, version 1 kept where it is found,
// rewritten under its lock. Safe against other processes and hosts; Dovecot reads and writes it
// too.
#pragma once

#include "store/dot_lock.h"
#include "store/permissions.h"

#include <string>
#include <string_view>

namespace store {

struct Disk;

constexpr std::size_t max_subscriptions_bytes = 16 * 1024 * 1024;

// Adds `name` (a storage name) unless it stands there. The lock is taken only to write. Throws
// std::system_error.
void add_subscription(Disk& disk, const std::string& file, std::string_view name, char separator,
                      const Permissions& permissions, DotLockTimes times, bool durable);

// The content of a file with the name added; `content` itself where it is in it. Pure.
std::string with_subscription(std::string_view content, std::string_view name, char separator);

}  // namespace store
