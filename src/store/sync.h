// SPDX-License-Identifier: MIT
// When a message counts as being on stable storage: mail_fsync (compat 1.5), and the syncs that
// deliveries of one process share. Thread-safe; one object a process.
//
// TODO(sync): the strategy and its error semantics are written here once measured.
#pragma once

#include <span>
#include <string>

namespace store {

class FileSystem;

// optimized and always sync the message and its directory entry before the delivery is answered;
// never leaves it to the kernel.
enum class FsyncMode { optimized, always, never };

struct OpenFile {
    int fd = -1;
    const std::string* path = nullptr;
};

class Syncer {
  public:
    explicit Syncer(FileSystem& files) : files_(files) {}

    // Makes the files' contents and metadata durable. Throws std::system_error where that is not
    // certain for any one of them.
    void sync_files(std::span<const OpenFile> files);
    // The same for entries made in these directories.
    void sync_directories(std::span<const std::string> directories);

  private:
    FileSystem& files_;
};

}  // namespace store
