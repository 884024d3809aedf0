// SPDX-License-Identifier: MIT
// A file descriptor with an owner. Move-only; the destructor closes and ignores the result, close()
// reports it.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace base {

class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }
    void reset() noexcept;
    // Throws std::system_error where close(2) reports an error (a write that failed late); the fd
    // is gone either way.
    void close(std::string_view name);

  private:
    int fd_ = -1;
};

// open(2) with O_CLOEXEC; throws std::system_error naming the path.
Fd open_file(const char* path, int flags, unsigned mode = 0600);

// Writes all of it, through EINTR and short writes; throws std::system_error naming `name`.
void write_all(int fd, std::string_view bytes, std::string_view name);

// Reads up to `size` bytes, through EINTR; 0 at the end. Throws std::system_error.
std::size_t read_some(int fd, char* buffer, std::size_t size, std::string_view name);

// What a program has printed is written now; throws std::system_error where it cannot be.
void flush_standard_output();

}  // namespace base
