// SPDX-License-Identifier: MIT
// Log lines in Dovecot's shape (compat 8.2): to files or stderr "TIMESTAMP PREFIXLevel: text", to
// syslog without a time stamp and without "Info: ". One write per line, control characters shown as
// '?'. Threads may log at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace base {

enum class LogLevel { debug, info, warning, error, fatal };

struct LogTarget {
    // "syslog", a file's path, or "/dev/stderr"; empty info and debug paths mean the next one up,
    // as in log_path, info_log_path and debug_log_path.
    std::string path = "/dev/stderr";
    std::string info_path;
    std::string debug_path;
    std::string syslog_facility = "mail";
    std::string ident = "dovecot";                     // instance_name
    std::string timestamp_format = "%b %d %H:%M:%S ";  // strftime, and %{usecs}
    // Files that are made here belong to them, if this is root: whoever the process is going to be
    // opens them again after they were rotated.
    std::optional<std::pair<uid_t, gid_t>> owner{};
};

// Where lines go. Set once at start (or on reload); until then stderr with the default time stamp.
// Throws std::system_error when a file cannot be opened for appending.
void open_log(const LogTarget& target);

// A prefix such as "lda(jdoe)<123><abc>: " and the lines under it. Cheap to copy.
class Log {
  public:
    explicit Log(std::string prefix) : prefix_(std::move(prefix)) {}

    void debug(std::string_view text) const { write(LogLevel::debug, text); }
    void info(std::string_view text) const { write(LogLevel::info, text); }
    void warning(std::string_view text) const { write(LogLevel::warning, text); }
    void error(std::string_view text) const { write(LogLevel::error, text); }
    void fatal(std::string_view text) const { write(LogLevel::fatal, text); }
    void write(LogLevel level, std::string_view text) const;

    const std::string& prefix() const { return prefix_; }

  private:
    std::string prefix_;
};

// The text between time stamp and line end: PREFIX, "Info: " and so on, text. `level_for_info` is
// false for syslog.
std::string log_line(std::string_view prefix, LogLevel level, std::string_view text,
                     bool level_for_info);

}  // namespace base
