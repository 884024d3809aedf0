// SPDX-License-Identifier: MIT
// What all mail users of a process share: the file system, the syncs, the message names, the clock.
// Made once in main() (or by a test); everything in it is thread-safe and outlives the storages.
#pragma once

#include "base/clock.h"
#include "base/waiting_slots.h"
#include "store/file_system.h"
#include "store/message_name.h"
#include "store/sync.h"

namespace store {

struct Disk {
    FileSystem& files;
    Syncer& sync;
    MessageNames& names;
    const base::Clock& clock;
    base::WaitingSlots* lock_waiters = nullptr;  // who waits for others; null: no bound
};

}  // namespace store
