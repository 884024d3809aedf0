// SPDX-License-Identifier: MIT
#include "bin/terminal_password.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <termios.h>
#include <unistd.h>

namespace bin {
namespace {

constexpr int asked_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
volatile std::sig_atomic_t interrupted = 0;

// Turns echo off, and on again at the end. A signal in between interrupts the reading, and is
// raised again when the terminal is as it was.
class NoEcho {
  public:
    NoEcho() {
        interrupted = 0;
        struct sigaction note {};
        note.sa_handler = [](int number) { interrupted = number; };
        for (std::size_t i = 0; i < std::size(asked_signals); ++i)
            ::sigaction(asked_signals[i], &note, &before_[i]);
        if (::tcgetattr(STDIN_FILENO, &state_) != 0) return;
        termios quiet = state_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~NoEcho() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &state_);
        for (std::size_t i = 0; i < std::size(asked_signals); ++i)
            ::sigaction(asked_signals[i], &before_[i], nullptr);
        if (interrupted) std::raise(interrupted);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

  private:
    termios state_{};
    bool changed_ = false;
    struct sigaction before_[std::size(asked_signals)]{};
};

// Byte by byte: what follows the line belongs to the next question.
std::optional<std::string> read_line() {
    std::string line;
    for (bool any = false;; any = true) {
        char c = 0;
        ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR && !interrupted) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return any ? std::optional(line) : std::nullopt;
        if (c == '\n') return line;
        line += c;
    }
}

}  // namespace

std::optional<std::string> ask_password(const char* prompt) {
    if (!::isatty(STDIN_FILENO)) return read_line();
    NoEcho quiet;
    std::fputs(prompt, stderr);
    auto line = read_line();
    std::fputc('\n', stderr);
    return line;
}

}  // namespace bin
