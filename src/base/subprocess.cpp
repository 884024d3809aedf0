// SPDX-License-Identifier: MIT
#include "base/subprocess.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/input_queue.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace base {
namespace {

using Steady = std::chrono::steady_clock;

// How often a child is asked for where the kernel has no pidfd.
constexpr int poll_without_pidfd_ms = 20;

struct Pipe {
    Fd read;
    Fd write;
};

// Without ends, errno set, where there is no descriptor left.
Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    return {Fd(ends[0]), Fd(ends[1])};
}

void set_nonblocking(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// While it lives, writing to a closed pipe gives EPIPE to this thread and no signal to anybody.
class PipeSignalBlocked {
  public:
    PipeSignalBlocked() {
        ::sigemptyset(&set_);
        ::sigaddset(&set_, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    ~PipeSignalBlocked() {
        if (!was_pending_) {
            const timespec at_once{};
            while (::sigtimedwait(&set_, nullptr, &at_once) == -1 && errno == EINTR) {
            }
        }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    PipeSignalBlocked(const PipeSignalBlocked&) = delete;
    PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

  private:
    sigset_t set_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    for (const std::string& text : strings)
        result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

// The child's pid, or the errno of spawning.
struct Spawned {
    pid_t pid = -1;
    int error = 0;
};

Spawned spawn(const Command& command, int input, int output, int errors) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!command.directory.empty())
        ::posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::vector<char*> arguments = pointers(command.arguments);
    std::vector<char*> environment = pointers(command.environment);
    Spawned spawned;
    spawned.error = ::posix_spawn(&spawned.pid, arguments[0], &actions, &attributes,
                                  arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    return spawned;
}

// The parent's side while the child runs.
class Watch {
  public:
    // `output` is absent where both streams are one.
    Watch(const Command& command, pid_t pid, Fd input, Fd output, Fd errors)
        : command_(command),
          pid_(pid),
          pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
          input_(std::move(input)),
          output_(std::move(output)),
          errors_(std::move(errors)),
          queue_(command.input, command.input_line_ends) {
        set_nonblocking(input_.get());
        set_nonblocking(errors_.get());
        if (output_) set_nonblocking(output_.get());
        if (command.timeout.count() > 0) deadline_ = Steady::now() + command.timeout;
    }

    Ended to_the_end() {
        PipeSignalBlocked blocked;
        while (!reap()) {
            enforce_deadline();
            wait_for_something();
            feed();
            drain();
        }
        drain();
        ended_.output = std::move(collected_);
        return std::move(ended_);
    }

  private:
    bool reap() {
        int status = 0;
        const pid_t done = ::waitpid(pid_, &status, WNOHANG);
        if (done == 0 || (done < 0 && errno == EINTR)) return false;
        // A program that had all of the input and ended well did its work, if late.
        const bool well =
            done > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && queue_.pending().empty();
        if (timed_out_ && !well) {
            ended_.how = Ended::How::timed_out;
        } else if (done < 0) {  // somebody else has reaped it: nothing is known of its success
            ended_.how = Ended::How::not_started;
            ended_.code = errno;
        } else if (WIFSIGNALED(status)) {
            ended_.how = Ended::How::signalled;
            ended_.code = WTERMSIG(status);
        } else {
            ended_.how = Ended::How::exited;
            ended_.code = WEXITSTATUS(status);
        }
        return true;
    }

    void enforce_deadline() {
        if (!deadline_ || Steady::now() < *deadline_) return;
        ::kill(-pid_, timed_out_ ? SIGKILL : SIGTERM);
        timed_out_ = true;
        deadline_ = Steady::now() + std::max(command_.kill_after, std::chrono::milliseconds(10));
    }

    int poll_timeout() const {
        long wait = -1;
        if (deadline_) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(*deadline_ - Steady::now());
            wait = std::clamp<long>(static_cast<long>(left.count()) + 1, 0, 60'000);
        }
        if (!pidfd_) wait = wait < 0 ? poll_without_pidfd_ms : std::min<long>(wait, 20);
        return static_cast<int>(wait);
    }

    void wait_for_something() {
        if (queue_.pending().empty()) input_.reset();
        // A negative descriptor is passed over by poll(2).
        std::array<pollfd, 4> watched{{{input_.get(), POLLOUT, 0},
                                       {output_.get(), POLLIN, 0},
                                       {errors_.get(), POLLIN, 0},
                                       {pidfd_.get(), POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), poll_timeout());
    }

    void feed() {
        while (input_ && !queue_.pending().empty()) {
            const ssize_t count =
                ::write(input_.get(), queue_.pending().data(), queue_.pending().size());
            if (count < 0) {
                if (errno == EAGAIN || errno == EINTR) return;
                // EPIPE: it does not want more. Half an input that looks whole is no success.
                if (errno != EPIPE) ::kill(-pid_, SIGKILL);
                input_.reset();
                return;
            }
            queue_.written(static_cast<std::size_t>(count));
        }
    }

    void drain() {
        drain(output_, [this](std::string_view bytes) {
            if (refused_ || command_.take_output(bytes)) return;
            refused_ = true;
            ::kill(-pid_, SIGKILL);
        });
        drain(errors_, [this](std::string_view bytes) {
            collected_.append(bytes.substr(0, command_.max_output_bytes - collected_.size()));
        });
    }

    template <typename Take>
    static void drain(Fd& from, Take take) {
        std::array<char, 16384> buffer{};
        while (from) {
            const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (count <= 0) {
                from.reset();
                return;
            }
            take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
        }
    }

    const Command& command_;
    pid_t pid_;
    Fd pidfd_;
    Fd input_;
    Fd output_;
    Fd errors_;
    InputQueue queue_;
    std::optional<Steady::time_point> deadline_;
    bool timed_out_ = false;
    bool refused_ = false;  // its output
    std::string collected_;
    Ended ended_;
};

}  // namespace

bool Ended::lacked_resources() const {
    return how == How::not_started &&
           (code == EAGAIN || code == ENOMEM || code == EMFILE || code == ENFILE);
}

std::string Ended::text() const {
    switch (how) {
        case How::exited:
            return "exited with status " + std::to_string(code);
        case How::signalled:
            return "was killed by signal " + std::to_string(code);
        case How::timed_out:
            return "timed out";
        case How::not_started:
            return "cannot be started: " + error_text(code);
        case How::no_result:
            return "gave no result";
    }
    return {};
}

Ended run_command(const Command& command) {
    Pipe input = make_pipe();
    if (!input.read) return {Ended::How::not_started, errno, {}};
    Pipe output;
    if (command.take_output && !(output = make_pipe()).read)
        return {Ended::How::not_started, errno, {}};
    Pipe errors = make_pipe();
    if (!errors.read) return {Ended::How::not_started, errno, {}};
    const int write_errors = errors.write.get();
    const Spawned spawned = spawn(command, input.read.get(),
                                  output.write ? output.write.get() : write_errors, write_errors);
    if (spawned.error != 0) return {Ended::How::not_started, spawned.error, {}};
    input.read.reset();
    output.write.reset();
    errors.write.reset();
    return Watch(command, spawned.pid, std::move(input.write), std::move(output.read),
                 std::move(errors.read))
        .to_the_end();
}

}  // namespace base
