// SPDX-License-Identifier: MIT
// The system calls that the store makes, behind a seam: tests replace the sys_* functions to fail
// the n-th call, to write short, to die before a call, and to forget what was not synced. The
// public functions retry EINTR and short writes and throw std::system_error (base/error.h) naming
// the operation and the path; outcomes that callers plan for are return values. Stateless and
// thread-safe.
#pragma once

#include "base/clock.h"
#include "base/fd.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/types.h>

namespace store {

class FileSystem {
  public:
    virtual ~FileSystem() = default;

    // Opens what exists; nothing where it doesn't (ENOENT, ENOTDIR).
    std::optional<base::Fd> open_existing(const std::string& path, int flags);
    // O_WRONLY | O_CREAT | O_EXCL; nothing where the name is taken. The mode is subject to umask.
    std::optional<base::Fd> create_new(const std::string& path, mode_t mode);
    void write(int fd, std::string_view bytes, const std::string& path);
    // Tells the kernel to start writing the file's pages out, so that several files' writes
    // overlap. A hint: errors are left to sync().
    void start_writing(int fd);
    // fsync(2) of a file or directory.
    void sync(int fd, const std::string& path);
    void sync_directory(const std::string& path);
    // close(2) with its error, which may be that of an earlier write (NFS, quota).
    void close(base::Fd fd, const std::string& path);

    // Both names stay. False where `to` exists. Right also where NFS loses the answer.
    bool link(const std::string& from, const std::string& to);
    // Never replaces: false where `to` exists. renameat2(RENAME_NOREPLACE), or link and unlink
    // where the file system hasn't got it.
    bool rename_new(const std::string& from, const std::string& to);
    void rename_over(const std::string& from, const std::string& to);
    // False where it did not exist.
    bool unlink(const std::string& path);
    // False where the name is taken. The mode is not subject to umask.
    bool make_directory(const std::string& path, mode_t mode);
    void remove_directory(const std::string& path);

    // Follows symbolic links; nothing for ENOENT and ENOTDIR.
    std::optional<struct stat> status(const std::string& path);
    // Does not follow them.
    std::optional<struct stat> link_status(const std::string& path);
    struct stat status(int fd, const std::string& path);
    // Access and modification time.
    void set_times(const std::string& path, base::WallTime time);
    void set_times(int fd, base::WallTime time, const std::string& path);
    void set_mode(int fd, mode_t mode, const std::string& path);
    void set_directory_mode(const std::string& path, mode_t mode);
    // False where the process may not (EPERM).
    bool set_group(const std::string& path, gid_t group);

    // Calls `entry` with each name but "." and ".."; false from it ends the walk. A directory that
    // does not exist has no entries.
    void walk(const std::string& path, const std::function<bool(std::string_view name)>& entry);
    // Nothing where it does not exist; EFBIG beyond `max_bytes`.
    std::optional<std::string> read(const std::string& path, std::size_t max_bytes);

  protected:
    // Each is its system call, answering a negative errno on failure.
    virtual int sys_open(const char* path, int flags, mode_t mode);
    virtual ssize_t sys_write(int fd, const char* bytes, std::size_t size);
    virtual int sys_fsync(int fd);
    virtual int sys_close(int fd);
    virtual int sys_link(const char* from, const char* to);
    virtual int sys_rename(const char* from, const char* to, unsigned flags);
    virtual int sys_unlink(const char* path);
    virtual int sys_mkdir(const char* path, mode_t mode);
    virtual int sys_rmdir(const char* path);
    virtual int sys_stat(const char* path, struct stat* status, int flags);
    virtual int sys_fstat(int fd, struct stat* status);
    virtual int sys_utimens(int fd, const char* path, const struct timespec times[2]);
    virtual int sys_fchmod(int fd, mode_t mode);
    virtual int sys_chmod(const char* path, mode_t mode);
    virtual int sys_chown(const char* path, gid_t group);
};

}  // namespace store
