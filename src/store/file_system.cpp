// SPDX-License-Identifier: MIT
#include "store/file_system.h"

#include "base/error.h"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/syscall.h>
#include <unistd.h>

namespace store {
namespace {

// RENAME_NOREPLACE of <linux/fs.h>; glibc has it only under _GNU_SOURCE.
constexpr unsigned rename_no_replace = 1;
constexpr std::size_t read_chunk_bytes = 16384;

template <typename Call>
auto retried(Call call) {
    for (;;) {
        auto result = call();
        if (result != -EINTR) return result;
    }
}

template <typename Call>
void checked(Call call, std::string_view operation, const std::string& path) {
    if (auto result = retried(call); result < 0)
        base::throw_error(static_cast<int>(-result), operation, path);
}

template <typename T>
T or_errno(T result) {
    return result < 0 ? static_cast<T>(-errno) : result;
}

timespec to_timespec(base::WallTime time) {
    auto micros = time.time_since_epoch().count();
    auto seconds = micros / 1000000;
    auto rest = micros % 1000000;
    if (rest < 0) {
        rest += 1000000;
        --seconds;
    }
    return {.tv_sec = seconds, .tv_nsec = rest * 1000};
}

std::string both(const std::string& from, const std::string& to) {
    return from + ", " + to;
}

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

std::optional<base::Fd> FileSystem::open_existing(const std::string& path, int flags) {
    int fd = retried([&] { return sys_open(path.c_str(), flags | O_CLOEXEC, 0); });
    if (fd == -ENOENT || fd == -ENOTDIR) return std::nullopt;
    if (fd < 0) base::throw_error(-fd, "open", path);
    return base::Fd(fd);
}

std::optional<base::Fd> FileSystem::create_new(const std::string& path, mode_t mode) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = retried([&] { return sys_open(path.c_str(), flags, mode); });
    if (fd == -EEXIST) return std::nullopt;
    if (fd < 0) base::throw_error(-fd, "open", path);
    return base::Fd(fd);
}

void FileSystem::write(int fd, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        ssize_t written = retried([&] { return sys_write(fd, bytes.data(), bytes.size()); });
        if (written < 0) base::throw_error(static_cast<int>(-written), "write", path);
        // POSIX leaves 0 open; without progress the disk is as good as full.
        if (written == 0) base::throw_error(ENOSPC, "write", path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void FileSystem::start_writing(int fd) {
    ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void FileSystem::sync(int fd, const std::string& path) {
    checked([&] { return sys_fsync(fd); }, "fsync", path);
}

void FileSystem::sync_directory(const std::string& path) {
    auto fd = open_existing(path, O_RDONLY | O_DIRECTORY);
    if (!fd) base::throw_error(ENOENT, "open", path);
    int result = retried([&] { return sys_fsync(fd->get()); });
    // File systems that know no fsync on directories (some FUSE ones) answer EINVAL: nothing to do.
    if (result < 0 && result != -EINVAL) base::throw_error(-result, "fsync", path);
}

void FileSystem::close(base::Fd fd, const std::string& path) {
    // On Linux the descriptor is gone even after EINTR: never retry.
    int result = sys_close(fd.release());
    if (result < 0 && result != -EINTR) base::throw_error(-result, "close", path);
}

bool FileSystem::link(const std::string& from, const std::string& to) {
    int result = retried([&] { return sys_link(from.c_str(), to.c_str()); });
    if (result >= 0) return true;
    // NFS sends a request again when the answer got lost; the second try finds the first one's
    // link.
    auto source = link_status(from);
    auto target = link_status(to);
    if (source && target && source->st_dev == target->st_dev && source->st_ino == target->st_ino)
        return true;
    if (result == -EEXIST) return false;
    base::throw_error(-result, "link", both(from, to));
}

bool FileSystem::rename_new(const std::string& from, const std::string& to) {
    int result = retried([&] { return sys_rename(from.c_str(), to.c_str(), rename_no_replace); });
    if (result >= 0) return true;
    if (result == -EEXIST) return false;
    if (result != -EINVAL && result != -ENOSYS && result != -ENOTSUP)
        base::throw_error(-result, "rename", both(from, to));
    if (!link(from, to)) return false;
    try {
        unlink(from);
    } catch (const std::system_error&) {
        // The message is visible, whole and once; the other name is in tmp/, where it is swept.
    }
    return true;
}

void FileSystem::rename_over(const std::string& from, const std::string& to) {
    checked([&] { return sys_rename(from.c_str(), to.c_str(), 0); }, "rename", both(from, to));
}

bool FileSystem::unlink(const std::string& path) {
    int result = retried([&] { return sys_unlink(path.c_str()); });
    if (result == -ENOENT) return false;
    if (result < 0) base::throw_error(-result, "unlink", path);
    return true;
}

bool FileSystem::make_directory(const std::string& path, mode_t mode) {
    int result = retried([&] { return sys_mkdir(path.c_str(), mode); });
    if (result == -EEXIST) return false;
    if (result < 0) base::throw_error(-result, "mkdir", path);
    // umask took bits away, or mkdir ignored them (set-group-id is inherited and must stay).
    auto made = status(path);
    if (made && (made->st_mode & 0777) != (mode & 0777)) {
        mode_t wanted = (made->st_mode & 07000) | (mode & 0777);
        checked([&] { return sys_chmod(path.c_str(), wanted); }, "chmod", path);
    }
    return true;
}

void FileSystem::remove_directory(const std::string& path) {
    checked([&] { return sys_rmdir(path.c_str()); }, "rmdir", path);
}

std::optional<struct stat> FileSystem::status(const std::string& path) {
    struct stat result {};
    int error = retried([&] { return sys_stat(path.c_str(), &result, 0); });
    if (error == -ENOENT || error == -ENOTDIR) return std::nullopt;
    if (error < 0) base::throw_error(-error, "stat", path);
    return result;
}

std::optional<struct stat> FileSystem::link_status(const std::string& path) {
    struct stat result {};
    int error = retried([&] { return sys_stat(path.c_str(), &result, AT_SYMLINK_NOFOLLOW); });
    if (error == -ENOENT || error == -ENOTDIR) return std::nullopt;
    if (error < 0) base::throw_error(-error, "lstat", path);
    return result;
}

struct stat FileSystem::status(int fd, const std::string& path) {
    struct stat result {};
    checked([&] { return sys_fstat(fd, &result); }, "fstat", path);
    return result;
}

void FileSystem::set_times(const std::string& path, base::WallTime time) {
    const timespec times[2] = {to_timespec(time), to_timespec(time)};
    checked([&] { return sys_utimens(AT_FDCWD, path.c_str(), times); }, "utimensat", path);
}

void FileSystem::set_times(int fd, base::WallTime time, const std::string& path) {
    const timespec times[2] = {to_timespec(time), to_timespec(time)};
    checked([&] { return sys_utimens(fd, nullptr, times); }, "futimens", path);
}

void FileSystem::set_mode(int fd, mode_t mode, const std::string& path) {
    checked([&] { return sys_fchmod(fd, mode); }, "fchmod", path);
}

void FileSystem::set_directory_mode(const std::string& path, mode_t mode) {
    checked([&] { return sys_chmod(path.c_str(), mode); }, "chmod", path);
}

bool FileSystem::set_group(const std::string& path, gid_t group) {
    int result = retried([&] { return sys_chown(path.c_str(), group); });
    if (result == -EPERM) return false;
    if (result < 0) base::throw_error(-result, "chown", path);
    return true;
}

void FileSystem::walk(const std::string& path,
                      const std::function<bool(std::string_view name)>& entry) {
    auto fd = open_existing(path, O_RDONLY | O_DIRECTORY);
    if (!fd) return;
    std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(fd->get()));
    if (!directory) base::throw_errno("fdopendir", path);
    fd->release();
    for (;;) {
        errno = 0;
        const dirent* found = ::readdir(directory.get());
        if (!found) {
            if (errno != 0) base::throw_errno("readdir", path);
            return;
        }
        std::string_view name = found->d_name;
        if (name != "." && name != ".." && !entry(name)) return;
    }
}

std::optional<std::string> FileSystem::read(const std::string& path, std::size_t max_bytes) {
    auto fd = open_existing(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);  // a FIFO: empty
    if (!fd) return std::nullopt;
    std::string bytes;
    char buffer[read_chunk_bytes];
    while (std::size_t got = base::read_some(fd->get(), buffer, sizeof buffer, path)) {
        if (bytes.size() + got > max_bytes) base::throw_error(EFBIG, "read", path);
        bytes.append(buffer, got);
    }
    return bytes;
}

int FileSystem::sys_open(const char* path, int flags, mode_t mode) {
    return or_errno(::open(path, flags, mode));
}

ssize_t FileSystem::sys_write(int fd, const char* bytes, std::size_t size) {
    return or_errno(::write(fd, bytes, size));
}

int FileSystem::sys_fsync(int fd) {
    return or_errno(::fsync(fd));
}

int FileSystem::sys_close(int fd) {
    return or_errno(::close(fd));
}

int FileSystem::sys_link(const char* from, const char* to) {
    return or_errno(::link(from, to));
}

int FileSystem::sys_rename(const char* from, const char* to, unsigned flags) {
    if (flags == 0) return or_errno(::rename(from, to));
    return or_errno(
        static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags)));
}

int FileSystem::sys_unlink(const char* path) {
    return or_errno(::unlink(path));
}

int FileSystem::sys_mkdir(const char* path, mode_t mode) {
    return or_errno(::mkdir(path, mode));
}

int FileSystem::sys_rmdir(const char* path) {
    return or_errno(::rmdir(path));
}

int FileSystem::sys_stat(const char* path, struct stat* status, int flags) {
    return or_errno(::fstatat(AT_FDCWD, path, status, flags));
}

int FileSystem::sys_fstat(int fd, struct stat* status) {
    return or_errno(::fstat(fd, status));
}

int FileSystem::sys_utimens(int fd, const char* path, const struct timespec times[2]) {
    return or_errno(path ? ::utimensat(fd, path, times, 0) : ::futimens(fd, times));
}

int FileSystem::sys_fchmod(int fd, mode_t mode) {
    return or_errno(::fchmod(fd, mode));
}

int FileSystem::sys_chmod(const char* path, mode_t mode) {
    return or_errno(::chmod(path, mode));
}

int FileSystem::sys_chown(const char* path, gid_t group) {
    return or_errno(::chown(path, static_cast<uid_t>(-1), group));
}

}  // namespace store
