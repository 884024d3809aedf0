// SPDX-License-Identifier: MIT
#include "base/fd.h"

#include "base/error.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace base {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Fd::reset() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Fd::close(std::string_view name) {
    // On Linux the descriptor is gone even after EINTR: never retry.
    if (fd_ >= 0 && ::close(std::exchange(fd_, -1)) != 0 && errno != EINTR)
        throw_errno("close", name);
}

Fd open_file(const char* path, int flags, unsigned mode) {
    for (;;) {
        Fd fd(::open(path, flags | O_CLOEXEC, mode));
        if (fd) return fd;
        if (errno != EINTR) throw_errno("open", path);
    }
}

void write_all(int fd, std::string_view bytes, std::string_view name) {
    while (!bytes.empty()) {
        ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            throw_errno("write", name);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::size_t read_some(int fd, char* buffer, std::size_t size, std::string_view name) {
    for (;;) {
        ssize_t got = ::read(fd, buffer, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw_errno("read", name);
    }
}

void flush_standard_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        throw_error(errno != 0 ? errno : EIO, "write", "standard output");
}

}  // namespace base
