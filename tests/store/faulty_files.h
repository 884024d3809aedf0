// SPDX-License-Identifier: MIT
// A file system that fails on demand and, after a loss of power, remembers only what was synced. It
// works on real files in a directory of the test's own, and keeps a journal of what the disk does
// not know yet: power_loss() undoes that, newest first. It is the strictest file system that POSIX
// allows: a file's bytes survive only its own fsync, a directory's entries only that of the
// directory. For one thread.
#pragma once

#include "store/file_system.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace testing {

class FaultyFiles : public store::FileSystem {
  public:
    // Asked before each call with its number (from 1) and name ("open", "write", ...): 0 lets it
    // happen, an errno makes it fail without having happened. A write may be told to be short.
    static constexpr int short_write = -1;
    std::function<int(int call, std::string_view name)> before_call;

    int calls() const { return calls_; }
    const std::vector<std::string>& names() const { return names_; }

    // From here on, changes are kept in the journal; `attic` is an empty directory on the same file
    // system for what may have to come back.
    void start_journal(std::string attic) { attic_ = std::move(attic); }
    void power_loss();

  protected:
    int sys_open(const char* path, int flags, mode_t mode) override;
    ssize_t sys_write(int fd, const char* bytes, std::size_t size) override;
    int sys_fsync(int fd) override;
    int sys_close(int fd) override;
    int sys_link(const char* from, const char* to) override;
    int sys_rename(const char* from, const char* to, unsigned flags) override;
    int sys_unlink(const char* path) override;
    int sys_mkdir(const char* path, mode_t mode) override;
    int sys_rmdir(const char* path) override;
    int sys_stat(const char* path, struct stat* status, int flags) override;
    int sys_fstat(int fd, struct stat* status) override;
    int sys_utimens(int fd, const char* path, const struct timespec times[2]) override;
    int sys_fchmod(int fd, mode_t mode) override;
    int sys_chmod(const char* path, mode_t mode) override;
    int sys_chown(const char* path, gid_t group) override;

  private:
    // A change of one name in a directory that is not synced yet. What the name led to before is
    // kept by a hard link in the attic, so that it can come back.
    struct Change {
        std::string directory;
        std::string name;
        std::string before;  // path in the attic; empty: the name did not exist
    };
    // A file made since the journal began.
    struct File {
        std::string kept;  // path in the attic
        off_t synced_bytes = 0;
    };

    int next(std::string_view name);
    void record(const std::string& path);
    std::string keep(const std::string& path);

    std::string attic_;
    int calls_ = 0;
    std::vector<std::string> names_;
    std::vector<Change> journal_;
    std::map<ino_t, File> files_;
};

}  // namespace testing
