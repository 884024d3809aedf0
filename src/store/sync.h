// SPDX-License-Identifier: MIT
// When a message counts as being on stable storage: mail_fsync (compat 1.5), and how deliveries
// that happen at once share the disk. Stateless and thread-safe.
//
// The strategy is the plainest: every thread calls fsync(2) on its own files and directories. It
// was measured beside a leader's syncfs for all that wait, a leader's fsyncs one by one, and
// mixtures (tests/bench/raw_disk.cpp; ext4, two cores, 4 KiB messages, 1 to 64 threads, few and
// noisy runs): the leader's single fsyncs fall far behind from 4 threads on, the others lie within
// the noise of each other, a quarter up or down. io_uring (fsync of the file, rename and fsync of
// the directory as one linked chain) was slower than plain calls: by 20 to 25 % at 1 and 4 threads,
// 6 to 9 % at 16.
//
// The kernel shares by itself: ext4 (jbd2), xfs and btrfs let all fsyncs that wait while a journal
// commit runs return with the next one. So a group of our own gained nothing that could be told
// from noise, and a lone delivery would wait for it. What would make it slow is serialising them,
// so no lock may ever be held over a sync.
//
// It is also the strategy whose errors are right without further thought: an fsync reports what
// went wrong with this file since this descriptor was opened (Linux 4.13 and later, errseq_t), and
// each delivery asks for its own files. syncfs(2) would report any error of the file system since
// *its* descriptor was opened (5.8 and later), once: whoever shares that descriptor and asks later
// sees success. A group would have to fail every delivery that had a file open at the time.
//
// Messages that go to several mailboxes have all their files written before the first is synced and
// the kernel told to start writing them (FileSystem::start_writing), so the first fsync waits for
// most of what the others need.
#pragma once

#include <span>
#include <string>

namespace store {

class FileSystem;

// optimized and always sync the message and its directory entry before the delivery is answered;
// never leaves it to the kernel. (For what a delivery writes, Dovecot's optimized and always
// agree.)
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
    // The same for entries made in these directories; each is synced once.
    void sync_directories(std::span<const std::string> directories);

  private:
    FileSystem& files_;
};

}  // namespace store
