// SPDX-License-Identifier: MIT
// Running the program of vnd.dovecot.pipe (sieve-compat 2.10, 3.14): only from sieve_pipe_bin_dir,
// with a clean environment, its own process group, a time limit, and no copy of our output.
#pragma once

#include <string>
#include <string_view>

namespace sieve {
struct Pipe;
}

namespace deliver {

struct MessageText;
struct Task;

struct PipeEnd {
    bool ok = false;
    std::string why;         // for the record
    std::string log_line;    // for the server's log
    bool temporary = false;  // it did not run, for want of time, processes or descriptors
};

PipeEnd run_pipe_program(const Task& task, const sieve::Pipe& pipe, const MessageText& message);

// 1 to 128 bytes without "/" and control characters, and neither "." nor "..".
bool is_program_name(std::string_view name);

}  // namespace deliver
