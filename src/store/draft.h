// SPDX-License-Identifier: MIT
// A message on its way into a mailbox: a file in tmp/ that becomes visible in new/ or cur/ by one
// rename that never replaces anything (compat 5.2). Invariant: at every moment either nothing is
// visible or the whole message is; a Draft that goes away before it was shown leaves no file.
// Used by one thread. The steps are those of Commit, which nearly every caller wants instead.
#pragma once

#include "base/clock.h"
#include "base/fd.h"
#include "store/content.h"
#include "store/dot_lock.h"
#include "store/flags.h"
#include "store/mailbox.h"

#include <cstdint>
#include <optional>
#include <string>

namespace store {

struct Disk;

struct DraftOptions {
    MessageFlags flags;
    std::optional<base::WallTime> received;  // the file's mtime; absent: now
    bool save_crlf = false;
    bool durable = true;      // false: mail_fsync = never
    DotLockTimes lock_times;  // for dovecot-keywords
};

class Draft {
  public:
    // Creates the file. Throws std::system_error as all functions here.
    Draft(Disk& disk, Mailbox mailbox, DraftOptions options);
    Draft(Draft&& other) noexcept;
    Draft& operator=(Draft&&) = delete;
    ~Draft();

    // Writes all of it and sets mode, group and mtime; keywords get their letters (and, if new,
    // their line in dovecot-keywords). Once.
    void write(const Content& content);
    // The file that must be synced before show().
    int fd() const { return fd_.get(); }
    const std::string& temporary_path() const { return temporary_path_; }

    // Closes the file, which tells of late write errors where nothing was synced.
    void close();

    // Makes it visible under a name that did not exist. The directory is not synced.
    void show();
    // Unlinks what show() made visible, also where a reader has moved it from new/ to cur/ since.
    void take_back();

    bool visible() const { return !visible_path_.empty(); }
    const std::string& visible_path() const { return visible_path_; }
    const std::string& visible_directory() const { return visible_directory_; }
    const Mailbox& mailbox() const { return mailbox_; }
    std::uint64_t size() const { return size_; }
    // Which of the keywords the mailbox had no room for (store/keywords.h).
    const std::vector<std::string>& left_out_keywords() const { return left_out_keywords_; }

  private:
    void write_bytes(const Content& content);
    std::string visible_name() const;
    bool rename_to(const std::string& path);
    void undo_half_rename(const std::string& path);

    Disk* disk_;
    Mailbox mailbox_;
    DraftOptions options_;
    std::string base_name_;
    std::string temporary_path_;  // empty once it is gone
    std::string letters_;
    std::vector<std::string> left_out_keywords_;
    base::Fd fd_;
    std::uint64_t size_ = 0;
    std::uint64_t virtual_size_ = 0;
    std::string visible_directory_;
    std::string visible_path_;
};

}  // namespace store
