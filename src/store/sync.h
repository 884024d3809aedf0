// SPDX-License-Identifier: MIT
// When a message counts as being on stable storage: mail_fsync (compat 1.5), and how deliveries
// that happen at once share the disk. Stateless and thread-safe.
//
// The strategy is the plainest: every thread calls fsync(2) on its own files and directories. What
// was measured (tests/bench/raw_disk.cpp; ext4, two cores, 4 KiB messages, deliveries a second,
// medians of three runs where the runs differ by a quarter):
//
//   threads                                    1      4     16     64
//   fsync by each, overlapping              ~940  ~1470  ~2520   5500
//   a leader's syncfs for all that wait     ~990  ~1360  ~2310   4600
//   fsync by each for files, a leader's
//     syncfs for directories               ~1040  ~1620  ~2130   4000
//   a leader's fsyncs, one by one            ~980  ~1050   ~850   1650
//
// The kernel shares by itself: ext4 (jbd2), xfs and btrfs let all fsyncs that wait while a journal
// commit runs return with the next one. So a group of our own gains nothing that can be told from
// noise, and a lone delivery would wait for it. What would make it slow is serialising them, so no
// lock may ever be held over a sync.
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
