// SPDX-License-Identifier: MIT
// Another program, run to its end: input given, output kept (bounded), a deadline with TERM and
// then KILL for its whole process group. The child gets the environment that is named here and
// nothing else, no descriptor but its three, and never our own standard output or error: whoever
// waits for us to close those (Postfix's pipe and local) does not wait for a grandchild.
// Thread-safe; blocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

struct Command {
    std::vector<std::string> arguments;    // the first is the program's path
    std::vector<std::string> environment;  // "NAME=value"
    std::string directory;                 // to run in; empty: ours
    // Written to its standard input in order; they outlive the call.
    std::vector<std::string_view> input;
    enum class LineEnds { as_given, crlf };
    LineEnds input_line_ends = LineEnds::as_given;  // crlf: a lone LF becomes CRLF
    std::chrono::milliseconds timeout{0};           // 0: none
    std::chrono::milliseconds kill_after{2000};     // from TERM to KILL
    std::size_t max_output_bytes = 64 * 1024;       // kept in Ended::output; more is dropped
    // Takes standard output as it comes, which then is no part of Ended::output. False ends the
    // program: it is killed.
    std::function<bool(std::string_view)> take_output;
};

struct Ended {
    // no_result: of a service that ended without a word on the program.
    enum class How { exited, signalled, timed_out, not_started, no_result };
    How how = How::not_started;
    int code = 0;        // exit status, signal number, or errno
    std::string output;  // standard output and error, mixed; error alone where take_output is set
    bool success() const { return how == How::exited && code == 0; }
    // It was not started, but may be at another time: no process, descriptor or memory was left.
    bool lacked_resources() const;
    // "exited with status 1", "was killed by signal 9", "timed out", "cannot be started: ...".
    std::string text() const;
};

// A program that does not read its input to the end is no failure. Whatever keeps it from being
// started is an outcome too: callers may have done what cannot be taken back.
Ended run_command(const Command& command);

}  // namespace base
