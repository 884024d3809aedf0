// SPDX-License-Identifier: MIT
#include "store/dot_lock.h"

#include "base/error.h"
#include "base/text.h"
#include "store/disk.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace store {
namespace {

constexpr std::chrono::milliseconds first_pause{2};
constexpr std::chrono::milliseconds longest_pause{100};
constexpr std::chrono::milliseconds short_wait{500};  // what deliveries at the same time need
constexpr std::chrono::seconds refresh_interval{10};  // as Dovecot keeps its own locks fresh
constexpr std::size_t max_owner_bytes = 1024;

// By what a lock that is alive, or has a new holder, differs from one look to the next.
using Trace = std::tuple<ino_t, time_t, long, off_t, ino_t, time_t, long>;

std::optional<Trace> trace(FileSystem& files, const std::string& lock, const std::string& file) {
    auto locked = files.link_status(lock);
    if (!locked) return std::nullopt;
    auto guarded = files.status(file);
    return Trace{locked->st_ino,
                 locked->st_ctim.tv_sec,
                 locked->st_ctim.tv_nsec,
                 locked->st_size,
                 guarded ? guarded->st_ino : 0,
                 guarded ? guarded->st_mtim.tv_sec : 0,
                 guarded ? guarded->st_mtim.tv_nsec : 0};
}

// Whether the lock names a process of this host that is gone.
bool owner_is_dead(FileSystem& files, const std::string& lock, const std::string& host) {
    std::optional<std::string> owner;
    try {
        owner = files.read(lock, max_owner_bytes);
    } catch (const std::system_error&) {
        return false;  // not readable, or it is a whole new file: time decides
    }
    if (!owner) return false;
    std::size_t colon = owner->find(':');
    if (colon == std::string::npos || owner->substr(colon + 1) != host) return false;
    auto pid = base::parse_number<pid_t>(std::string_view(*owner).substr(0, colon));
    return pid && *pid > 0 && ::kill(*pid, 0) != 0 && errno == ESRCH;
}

}  // namespace

DotLock::DotLock(Disk& disk, std::string file, const Permissions& permissions, DotLockTimes times,
                 DotLock* outer)
    : disk_(disk), file_(std::move(file)), lock_(file_ + ".lock"), permissions_(permissions) {
    if (!try_take()) wait_for_it(times, outer);
}

void DotLock::wait_for_it(DotLockTimes times, DotLock* outer) {
    auto begin = std::chrono::steady_clock::now();
    auto unchanged_since = begin;
    auto refreshed = begin;
    std::optional<Trace> last;
    base::WaitingSlots::Slot slot;
    auto pause = first_pause;
    while (!try_take()) {
        auto now = std::chrono::steady_clock::now();
        if (outer != nullptr && now - refreshed >= refresh_interval) {
            disk_.files.set_times(outer->fd_.get(), disk_.clock.now(), outer->lock_);
            refreshed = now;
        }
        if (!slot && disk_.lock_waiters != nullptr && now - begin >= short_wait) {
            slot = disk_.lock_waiters->take();
            if (!slot)
                base::throw_error(ETIMEDOUT, "Too many deliveries are waiting for locks: open",
                                  lock_);
        }
        auto seen = trace(disk_.files, lock_, file_);
        if (!seen) continue;
        if (seen != last) {
            last = seen;
            unchanged_since = now;
        }
        if (now - unchanged_since >= times.stale ||
            owner_is_dead(disk_.files, lock_, disk_.names.host())) {
            // Another waiter may have replaced it since: only what was judged is removed.
            if (trace(disk_.files, lock_, file_) == seen) disk_.files.unlink(lock_);
            continue;
        }
        if (now - begin >= times.wait)
            base::throw_error(ETIMEDOUT, "Timeout while waiting for lock: open", lock_);
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

DotLock::~DotLock() {
    if (!held_) return;
    try {
        if (is_ours()) disk_.files.unlink(lock_);
    } catch (const std::system_error&) {
        // Others find it stale.
    }
}

// A holder that stalled for the stale time has been taken for dead: the lock is another's then.
bool DotLock::is_ours() {
    if (fd_) {
        const struct stat own = disk_.files.status(fd_.get(), lock_);
        identity_ = {own.st_dev, own.st_ino};
    }
    const auto there = disk_.files.link_status(lock_);
    return there && identity_ == std::pair(there->st_dev, there->st_ino);
}

bool DotLock::try_take() {
    auto fd = disk_.files.create_new(lock_, permissions_.creation_mode());
    if (!fd) return false;
    fd_ = std::move(*fd);
    held_ = true;
    return true;
}

void DotLock::write_owner() {
    disk_.files.write(fd_.get(), std::to_string(::getpid()) + ":" + disk_.names.host(), lock_);
}

void DotLock::replace(std::string_view content, bool durable) {
    FileSystem& files = disk_.files;
    files.write(fd_.get(), content, lock_);
    give_permissions(files, fd_.get(), lock_, permissions_);
    if (auto old = files.status(file_)) {
        base::WallTime now = disk_.clock.now();
        base::WallTime next{std::chrono::seconds(old->st_mtim.tv_sec + 1)};
        if (now < next) files.set_times(fd_.get(), next, lock_);
    }
    if (durable) files.sync(fd_.get(), lock_);
    if (!is_ours()) base::throw_error(ESTALE, "Lost the lock while writing it: rename", lock_);
    files.close(std::move(fd_), lock_);
    files.rename_over(lock_, file_);
    held_ = false;
    if (durable) files.sync_directory(file_.substr(0, file_.rfind('/')));
}

}  // namespace store
