// SPDX-License-Identifier: MIT
#include "server/pid_file.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"

#include <csignal>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server {
namespace {

constexpr std::size_t max_pid_file_bytes = 64;

// "tamis-lmtp" for a process that runs; empty where /proc does not tell.
std::string program_of(pid_t pid) {
    try {
        auto text = base::read_file("/proc/" + std::to_string(pid) + "/comm", 64);
        return std::string(base::trim(text.value_or("")));
    } catch (const std::system_error&) {
        return {};
    }
}

// After a crash the number may belong to any program.
bool is_server(pid_t pid) {
    if (pid == ::getpid() || (::kill(pid, 0) != 0 && errno == ESRCH)) return false;
    std::string program = program_of(pid);
    return program.empty() || program.starts_with("tamis") || program.starts_with("dovecot");
}

}  // namespace

PidFile::PidFile(const std::string& base_dir) : path_(base_dir + "/master.pid") {
    base::make_directories(base_dir, 0755);
    base::Fd fd = base::open_file(path_.c_str(), O_RDWR | O_CREAT, 0644);
    // Two that start at once read and write one after the other.
    while (::flock(fd.get(), LOCK_EX) != 0) {
        if (errno != EINTR) base::throw_errno("flock", path_);
    }
    std::string text(max_pid_file_bytes, '\0');
    text.resize(base::read_some(fd.get(), text.data(), text.size(), path_));
    auto pid = base::parse_number<pid_t>(base::trim(text));
    if (pid && *pid > 0 && is_server(*pid)) {
        throw std::runtime_error("Dovecot is already running with PID " + std::to_string(*pid) +
                                 " (read from " + path_ + ")");
    }
    if (::ftruncate(fd.get(), 0) != 0 || ::lseek(fd.get(), 0, SEEK_SET) != 0)
        base::throw_errno("ftruncate", path_);
    base::write_all(fd.get(), std::to_string(::getpid()) + "\n", path_);
}

PidFile::~PidFile() {
    ::unlink(path_.c_str());
}

}  // namespace server
