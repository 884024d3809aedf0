// SPDX-License-Identifier: MIT
// A lock that is a file FILE.lock beside FILE (compat 5.4), understood by Dovecot on any host. Two
// uses: to hold while FILE is worked on, or with FILE's new content in it, put in FILE's place at
// the end. Owned by one thread; the destructor gives the lock up.
#pragma once

#include "base/fd.h"
#include "store/permissions.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace store {

struct Disk;

struct DotLockTimes {
    std::chrono::seconds wait{122};
    std::chrono::seconds stale{120};  // neither file changed for so long
};

class DotLock {
  public:
    // Waits for the lock, and takes over one whose process on this host is dead or that has not
    // changed while this call watched it for `stale`. Throws std::system_error; ETIMEDOUT, "Timeout
    // while waiting for lock", when it stays taken, and sooner where too many wait already
    // (Disk::lock_waiters). `outer` is a lock that the caller holds meanwhile: it is kept fresh.
    DotLock(Disk& disk, std::string file, const Permissions& permissions, DotLockTimes times,
            DotLock* outer = nullptr);
    DotLock(const DotLock&) = delete;
    DotLock& operator=(const DotLock&) = delete;
    ~DotLock();

    // Writes "PID:HOST", by which others see that the holder lives.
    void write_owner();
    // Writes the new content, synced where `durable`, and puts it in FILE's place; the lock is
    // given up by that. FILE's mtime grows by at least a second, so that readers notice. Throws
    // ESTALE where others have taken the lock over since.
    void replace(std::string_view content, bool durable);

  private:
    bool try_take();
    void wait_for_it(DotLockTimes times, DotLock* outer);
    bool is_ours();

    Disk& disk_;
    std::string file_;
    std::string lock_;
    Permissions permissions_;
    base::Fd fd_;
    bool held_ = false;
    std::optional<std::pair<dev_t, ino_t>> identity_;  // of our lock file, once it was asked for
};

}  // namespace store
