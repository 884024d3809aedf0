// SPDX-License-Identifier: MIT
// Starts a program again and again with a file as standard input, and prints the CPU time (user and
// system) of one whole run in microseconds: the first decile, because a neighbour's work only adds.
// It gives up root first, so that the started program is not charged for it.
//
//   repeated-run UID GID COUNT INPUT PROGRAM [ARGUMENT...]
#include "base/error.h"
#include "base/fd.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

double microseconds(const timeval& time) {
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec);
}

void become(unsigned uid, unsigned gid) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)
        base::throw_errno("cannot become another user");
}

// The CPU time of one run; throws if it does not exit with 0.
double run_once(const char* input, char** command) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    char* environment[] = {const_cast<char*>("PATH=/usr/bin:/bin"), nullptr};
    pid_t pid = 0;
    int error = ::posix_spawn(&pid, command[0], &actions, nullptr, command, environment);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), command[0]);
    int status = 0;
    rusage usage{};
    if (::wait4(pid, &status, 0, &usage) < 0) base::throw_errno("wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(fmt::format("{}: wait status {}", command[0], status));
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        fmt::print(stderr, "usage: repeated-run UID GID COUNT INPUT PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    try {
        become(static_cast<unsigned>(std::atoi(argv[1])),
               static_cast<unsigned>(std::atoi(argv[2])));
        int count = std::atoi(argv[3]);
        std::vector<double> runs;
        for (int n = 0; n < count; ++n)
            runs.push_back(run_once(argv[4], argv + 5));
        if (runs.empty()) return 64;
        auto decile = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 10);
        std::nth_element(runs.begin(), decile, runs.end());
        fmt::print("{:.1f}\n", *decile);
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
