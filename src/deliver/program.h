// SPDX-License-Identifier: MIT
// Running the programs of vnd.dovecot.pipe, .filter and .execute (sieve-compat 2.10, 3.14): by the
// service behind a socket in sieve_pipe_socket_dir and its like, else from sieve_pipe_bin_dir, with
// a clean environment, their own process group, a time limit, and no copy of our output.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class Log;
}

namespace deliver {

class Deadline;
struct Envelope;
struct UserSettings;

// For whom a program runs.
struct ProgramWorld {
    const UserSettings& settings;
    const Envelope& envelope;
    const std::string& user;
    const std::string& recipient;
    const Deadline& deadline;
};

enum class ProgramKind { pipe, filter, execute };

struct ProgramRun {
    ProgramKind kind = ProgramKind::pipe;
    std::string program;
    std::vector<std::string> arguments;
    std::vector<std::string_view> input;
    // As base::Command's.
    std::function<bool(std::string_view)> take_output;
};

struct ProgramEnd {
    bool ok = false;
    bool ran = false;        // it was started
    std::string why;         // for the record
    std::string log_line;    // for the server's log
    bool temporary = false;  // it did not run, for want of time, processes or descriptors
    bool is_error = false;   // it did not end by itself: somebody should look at that

    // The line, if there is one: an error's or an information.
    void tell(const base::Log& log) const;
};

ProgramEnd run_program(const ProgramWorld& world, const ProgramRun& run);

// 1 to 128 bytes without "/" and control characters, and neither "." nor "..".
bool is_program_name(std::string_view name);

}  // namespace deliver
