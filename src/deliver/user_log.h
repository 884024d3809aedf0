// SPDX-License-Identifier: MIT
// The user's own log of what is wrong with the scripts (sieve-compat 3.5): opened at the first line
// of a delivery, appended to, mode 0600, renamed to ".0" once it has 10 KiB. At most 30 lines a
// delivery. A log that cannot be written is passed over: delivery goes on. One thread.
#pragma once

#include "base/clock.h"
#include "base/fd.h"

#include <string>
#include <string_view>

namespace deliver {

class UserLog {
  public:
    // An empty path: nothing is written.
    UserLog(std::string path, const base::Clock& clock) : path_(std::move(path)), clock_(clock) {}

    // `line` without its line end and full stop.
    void write(std::string_view line);
    const std::string& path() const { return path_; }
    // Why what was written is lost; empty: nothing is.
    const std::string& trouble() const { return trouble_; }

    static constexpr std::size_t rotate_bytes = 10 * 1024;
    static constexpr unsigned max_lines = 30;

  private:
    void open();

    std::string path_;
    const base::Clock& clock_;
    base::Fd fd_;
    bool opened_ = false;
    std::string trouble_;
    unsigned lines_ = 0;
};

// "2026-11-24 21:26:46" in local time.
std::string local_time_text(base::WallTime time);

}  // namespace deliver
