// SPDX-License-Identifier: MIT
#include "base/file.h"

#include "base/error.h"
#include "base/fd.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                     OtherFiles others) {
    const int waiting = others == OtherFiles::refused ? O_NONBLOCK : 0;
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting));
    if (!fd) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw_errno("open", path);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw_errno("fstat", path);
    if (S_ISDIR(status.st_mode)) throw_error(EISDIR, "open", path);
    if (others == OtherFiles::refused && !S_ISREG(status.st_mode))
        throw_error(EINVAL, "open", path);
    std::string bytes;
    if (S_ISREG(status.st_mode)) bytes.reserve(static_cast<std::size_t>(status.st_size) + 1);
    char buffer[16384];
    while (std::size_t got = read_some(fd.get(), buffer, sizeof buffer, path)) {
        if (bytes.size() + got > max_bytes) throw_error(EFBIG, "read", path);
        bytes.append(buffer, got);
    }
    return bytes;
}

namespace {

// `like`: whose owner and mode it gets.
void replace(const std::string& path, std::string_view bytes, unsigned mode,
             const struct stat* like) {
    static std::atomic<unsigned> counter{0};
    std::string temporary =
        path + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(counter++);
    Fd fd = open_file(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, mode);
    try {
        write_all(fd.get(), bytes, temporary);
        if (like != nullptr) {
            struct stat made {};
            if (::fstat(fd.get(), &made) != 0) throw_errno("fstat", temporary);
            const bool other = made.st_uid != like->st_uid || made.st_gid != like->st_gid;
            if (other && ::fchown(fd.get(), like->st_uid, like->st_gid) != 0)
                throw_errno("fchown", path);
            if (::fchmod(fd.get(), like->st_mode & 07777) != 0) throw_errno("fchmod", path);
            if (::fsync(fd.get()) != 0) throw_errno("fsync", temporary);
        }
        fd.close(temporary);
        if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("rename", path);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

}  // namespace

void replace_file(const std::string& path, std::string_view bytes, unsigned mode) {
    replace(path, bytes, mode, nullptr);
}

void rewrite_file(const std::string& path, std::string_view bytes) {
    const std::unique_ptr<char, decltype(&::free)> target(::realpath(path.c_str(), nullptr),
                                                          ::free);
    struct stat status {};
    if (target == nullptr || ::stat(target.get(), &status) != 0) throw_errno("stat", path);
    replace(target.get(), bytes, 0600, &status);
}

void write_output(const std::string& path, std::string_view bytes, unsigned mode) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode))
        return replace_file(path, bytes, mode);
    Fd fd = open_file(path.c_str(), O_WRONLY);
    write_all(fd.get(), bytes, path);
    fd.close(path);
}

void make_directories(const std::string& path, unsigned mode) {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        std::string part = path.substr(0, end);
        if (::mkdir(part.c_str(), mode) != 0 && errno != EEXIST) {
            int error = errno;
            struct stat status {};  // EACCES or EROFS above a directory that is there does no harm
            if (::stat(part.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
                throw_error(error, "mkdir", part);
        }
        if (end == std::string::npos) return;
    }
}

void rotate_file(const std::string& path, const std::string& old_path,
                 std::size_t limit_bytes) noexcept {
    struct stat named {};
    const auto is_large = [&](const struct stat& status) {
        return S_ISREG(status.st_mode) && static_cast<std::size_t>(status.st_size) >= limit_bytes;
    };
    if (::stat(path.c_str(), &named) != 0 || !is_large(named)) return;
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return;
    // Somebody else may have put a new one there meanwhile.
    struct stat locked {};
    if (::fstat(fd.get(), &locked) != 0 || ::stat(path.c_str(), &named) != 0) return;
    if (locked.st_dev != named.st_dev || locked.st_ino != named.st_ino || !is_large(locked)) return;
    (void)std::rename(path.c_str(), old_path.c_str());
}

}  // namespace base
