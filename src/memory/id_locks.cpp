// SPDX-License-Identifier: MIT
#include "memory/id_locks.h"

#include "base/error.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <thread>

namespace memory {
namespace {

constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{50};

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

bool IdLocks::hold(std::string_view id, std::chrono::milliseconds patience,
                   const std::function<void()>& make_room) {
    if (!fd_) open(make_room);
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = place_of(id);
    lock.l_len = 1;
    auto pause = first_pause;
    while (::fcntl(fd_.get(), F_OFD_SETLK, &lock) != 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EACCES) base::throw_errno("fcntl", path_);
        if (waited_ >= patience) return false;
        std::this_thread::sleep_for(pause);
        waited_ += pause;
        pause = std::min(pause * 2, longest_pause);
    }
    return true;
}

}  // namespace memory
