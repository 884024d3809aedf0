// SPDX-License-Identifier: MIT
#include "bin/terminal_password.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace bin {
namespace {

constexpr int asked_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
volatile std::sig_atomic_t interrupted = 0;

// Turns echo off, and on again at the end. Signals wait until the reading; one that comes then ends
// it, and is raised again when the terminal is as it was.
class NoEcho {
  public:
    NoEcho() {
        interrupted = 0;
        struct sigaction note {};
        note.sa_handler = [](int number) { interrupted = number; };
        sigset_t held;
        ::sigemptyset(&held);
        for (std::size_t i = 0; i < std::size(asked_signals); ++i) {
            ::sigaction(asked_signals[i], &note, &before_[i]);
            ::sigaddset(&held, asked_signals[i]);
        }
        ::sigprocmask(SIG_BLOCK, &held, &mask_);
        if (::tcgetattr(STDIN_FILENO, &state_) != 0) return;
        termios quiet = state_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~NoEcho() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &state_);
        for (std::size_t i = 0; i < std::size(asked_signals); ++i)
            ::sigaction(asked_signals[i], &before_[i], nullptr);
        ::sigprocmask(SIG_SETMASK, &mask_, nullptr);
        if (interrupted) std::raise(interrupted);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

    // Until there is something to read; false where a signal came first.
    bool wait() const {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        while (::ppoll(&input, 1, nullptr, &mask_) < 0) {
            if (errno != EINTR || interrupted) return false;
        }
        return true;
    }

  private:
    termios state_{};
    bool changed_ = false;
    sigset_t mask_{};
    struct sigaction before_[std::size(asked_signals)]{};
};

// Byte by byte: what follows the line belongs to the next question.
std::optional<std::string> read_line(const NoEcho* terminal) {
    std::string line;
    for (bool any = false;; any = true) {
        if (terminal && !terminal->wait()) return std::nullopt;
        char c = 0;
        ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return any ? std::optional(line) : std::nullopt;
        if (c == '\n') return line;
        line += c;
    }
}

}  // namespace

std::optional<std::string> ask_password(const char* prompt) {
    if (!::isatty(STDIN_FILENO)) return read_line(nullptr);
    NoEcho quiet;
    std::fputs(prompt, stderr);
    auto line = read_line(&quiet);
    std::fputc('\n', stderr);
    return line;
}

}  // namespace bin
