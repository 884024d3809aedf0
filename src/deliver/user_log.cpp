// SPDX-License-Identifier: MIT
#include "deliver/user_log.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace deliver {
namespace {

constexpr std::size_t max_line_bytes = 2000;

std::string formatted(base::WallTime time, const char* format) {
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    std::tm local{};
    ::localtime_r(&seconds, &local);
    std::array<char, 64> buffer{};
    return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &local)};
}

}  // namespace

std::string local_time_text(base::WallTime time) {
    return formatted(time, "%Y-%m-%d %H:%M:%S");
}

void UserLog::open() {
    opened_ = true;
    if (path_.empty()) return;
    base::rotate_file(path_, path_ + ".0", rotate_bytes);
    // Without waiting, should somebody have put a FIFO there.
    fd_ = base::Fd(::open(path_.c_str(),
                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
    if (!fd_) {
        trouble_ = base::error_text(errno);
        return;
    }
    const std::string first =
        "sieve: info: started log at " + formatted(clock_.now(), "%Y-%m-%d %H:%M:%S %z") + ".\n";
    try {
        base::write_all(fd_.get(), first, path_);
    } catch (const std::system_error&) {
        fd_.reset();
    }
}

void UserLog::write(std::string_view line) {
    if (lines_++ >= max_lines) return;
    if (!opened_) open();
    if (!fd_) return;
    try {
        base::write_all(fd_.get(), base::printable(line, max_line_bytes) + ".\n", path_);
    } catch (const std::system_error&) {
        fd_.reset();  // a full disk, say: the delivery has more important things to do
    }
}

}  // namespace deliver
