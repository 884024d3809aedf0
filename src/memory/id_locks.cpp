// SPDX-License-Identifier: MIT
#include "memory/id_locks.h"

#include "base/error.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <limits>

namespace memory {
namespace {

// Two ids on one octet only make one delivery wait for the other.
off_t place_of(std::string_view id) {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, the same on every host
    for (const char c : id)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return static_cast<off_t>(hash % (std::numeric_limits<std::int64_t>::max() - 1));
}

}  // namespace

void IdLocks::open(const std::function<void()>& make_room) {
    const auto try_open = [this] {
        fd_ = base::Fd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    };
    try_open();
    if (!fd_ && errno == ENOENT) {
        make_room();
        try_open();
    }
    if (!fd_) base::throw_errno("open", path_);
}

bool IdLocks::try_hold(std::string_view id, const std::function<void()>& make_room) {
    if (!fd_) open(make_room);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = place_of(id);
    lock.l_len = 1;
    while (::fcntl(fd_.get(), F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES) return false;
        if (errno != EINTR) base::throw_errno("fcntl", path_);
    }
    return true;
}

}  // namespace memory
