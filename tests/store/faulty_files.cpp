// SPDX-License-Identifier: MIT
#include "tests/store/faulty_files.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace testing {
namespace {

std::string path_of(int fd) {
    char path[4096];
    ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), path, sizeof path);
    return size < 0 ? std::string() : std::string(path, static_cast<std::size_t>(size));
}

bool exists(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0;
}

}  // namespace

int FaultyFiles::next(std::string_view name) {
    ++calls_;
    names_.emplace_back(name);
    return before_call ? before_call(calls_, name) : 0;
}

std::string FaultyFiles::keep(const std::string& path) {
    std::string kept = attic_ + "/" + std::to_string(files_.size() + journal_.size()) + "." +
                       std::to_string(calls_);
    return ::link(path.c_str(), kept.c_str()) == 0 ? kept : std::string();
}

// Called before `path` changes.
void FaultyFiles::record(const std::string& path) {
    if (attic_.empty()) return;
    std::size_t slash = path.rfind('/');
    journal_.push_back(
        {path.substr(0, slash), path.substr(slash + 1), exists(path) ? keep(path) : std::string()});
}

void FaultyFiles::power_loss() {
    before_call = nullptr;
    std::string attic = std::exchange(attic_, {});
    for (auto change = journal_.rbegin(); change != journal_.rend(); ++change) {
        std::string path = change->directory + "/" + change->name;
        std::filesystem::remove_all(path);
        if (!change->before.empty()) {
            [[maybe_unused]] int linked = ::link(change->before.c_str(), path.c_str());
        }
    }
    for (auto& [inode, file] : files_) {
        [[maybe_unused]] int cut = ::truncate(file.kept.c_str(), file.synced_bytes);
    }
    journal_.clear();
    files_.clear();
    std::filesystem::remove_all(attic);
}

int FaultyFiles::sys_open(const char* path, int flags, mode_t mode) {
    if (int error = next("open")) return -error;
    bool creates = (flags & O_CREAT) != 0 && !exists(path);
    if (creates) record(path);
    int fd = FileSystem::sys_open(path, flags, mode);
    if (creates && fd >= 0 && !attic_.empty()) {
        struct stat status {};
        ::fstat(fd, &status);
        files_[status.st_ino] = {keep(path), 0};
    }
    return fd;
}

ssize_t FaultyFiles::sys_write(int fd, const char* bytes, std::size_t size) {
    int error = next("write");
    if (error == short_write)
        return FileSystem::sys_write(fd, bytes, std::max<std::size_t>(size / 2, 1));
    if (error != 0) return -error;
    return FileSystem::sys_write(fd, bytes, size);
}

int FaultyFiles::sys_fsync(int fd) {
    if (int error = next("fsync")) return -error;
    if (!attic_.empty()) {
        struct stat status {};
        ::fstat(fd, &status);
        if (S_ISDIR(status.st_mode)) {
            std::string directory = path_of(fd);
            std::erase_if(journal_, [&](const Change& c) { return c.directory == directory; });
        } else if (auto file = files_.find(status.st_ino); file != files_.end()) {
            file->second.synced_bytes = status.st_size;
        }
    }
    return 0;
}

int FaultyFiles::sys_close(int fd) {
    int error = next("close");
    int result = FileSystem::sys_close(fd);
    return error != 0 ? -error : result;
}

int FaultyFiles::sys_link(const char* from, const char* to) {
    if (int error = next("link")) return -error;
    if (!exists(to)) record(to);
    return FileSystem::sys_link(from, to);
}

int FaultyFiles::sys_rename(const char* from, const char* to, unsigned flags) {
    if (int error = next("rename")) return -error;
    if (exists(from) && (flags == 0 || !exists(to))) {
        record(to);
        record(from);
    }
    return FileSystem::sys_rename(from, to, flags);
}

int FaultyFiles::sys_unlink(const char* path) {
    if (int error = next("unlink")) return -error;
    if (exists(path)) record(path);
    return FileSystem::sys_unlink(path);
}

int FaultyFiles::sys_mkdir(const char* path, mode_t mode) {
    if (int error = next("mkdir")) return -error;
    if (!exists(path)) record(path);
    return FileSystem::sys_mkdir(path, mode);
}

int FaultyFiles::sys_rmdir(const char* path) {
    if (int error = next("rmdir")) return -error;
    return FileSystem::sys_rmdir(path);
}

int FaultyFiles::sys_stat(const char* path, struct stat* status, int flags) {
    if (int error = next("stat")) return -error;
    return FileSystem::sys_stat(path, status, flags);
}

int FaultyFiles::sys_fstat(int fd, struct stat* status) {
    if (int error = next("fstat")) return -error;
    return FileSystem::sys_fstat(fd, status);
}

int FaultyFiles::sys_utimens(int fd, const char* path, const struct timespec times[2]) {
    if (int error = next("utimens")) return -error;
    return FileSystem::sys_utimens(fd, path, times);
}

int FaultyFiles::sys_fchmod(int fd, mode_t mode) {
    if (int error = next("fchmod")) return -error;
    return FileSystem::sys_fchmod(fd, mode);
}

int FaultyFiles::sys_chmod(const char* path, mode_t mode) {
    if (int error = next("chmod")) return -error;
    return FileSystem::sys_chmod(path, mode);
}

int FaultyFiles::sys_chown(const char* path, gid_t group) {
    if (int error = next("chown")) return -error;
    return FileSystem::sys_chown(path, group);
}

}  // namespace testing
