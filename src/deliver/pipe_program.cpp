// SPDX-License-Identifier: MIT
#include "deliver/pipe_program.h"

#include "base/error.h"
#include "base/spool.h"
#include "base/subprocess.h"
#include "base/text.h"
#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "deliver/task.h"
#include "sieve/action.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace deliver {
namespace {

constexpr std::size_t max_program_name_bytes = 128;
constexpr std::size_t max_argument_bytes = 1024;
constexpr std::chrono::seconds default_exec_timeout{10};
constexpr std::size_t logged_output_bytes = 500;

std::optional<std::string> why_not_executable(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return "stat failed: " + base::error_text(errno);
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    if ((status.st_mode & S_IWOTH) != 0) return "it is world-writable";
    if (::access(path.c_str(), X_OK) != 0) return "it is not executable";
    return std::nullopt;
}

std::vector<std::string> environment(const Task& task) {
    std::vector<std::string> result;
    const auto add = [&result](const char* name, const std::string& value) {
        if (!value.empty() && value.find('\0') == std::string::npos)
            result.push_back(std::string(name) + '=' + value);
    };
    add("HOME", task.settings.home);
    add("USER", task.recipient.user.name);
    add("HOST", task.settings.hostname);
    if (!is_null_sender(task.envelope)) add("SENDER", *task.envelope.sender);
    add("RECIPIENT", task.recipient.address);
    add("ORIG_RECIPIENT", task.envelope.original_recipient.value_or(task.recipient.address));
    return result;
}

PipeEnd unavailable(const std::string& program, const std::string& why) {
    return {false, why, "sieve: program `" + program + "' is not available: " + why};
}

}  // namespace

bool is_program_name(std::string_view name) {
    return !name.empty() && name.size() <= max_program_name_bytes && name != "." && name != ".." &&
           std::none_of(name.begin(), name.end(), [](char c) {
               return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

PipeEnd run_pipe_program(const Task& task, const sieve::Pipe& pipe, const MessageText& message) {
    if (!is_program_name(pipe.program))
        return unavailable(base::printable(pipe.program, 200), "its name is not allowed");
    const auto directory = task.settings.plugin("sieve_pipe_bin_dir");
    if (!directory || directory->empty())
        return unavailable(pipe.program, "sieve_pipe_bin_dir is not set");
    base::Command command;
    command.arguments.push_back(*directory + '/' + pipe.program);
    if (const auto why = why_not_executable(command.arguments.front()))
        return unavailable(pipe.program, command.arguments.front() + ": " + *why);
    for (const std::string& argument : pipe.arguments) {
        if (argument.size() > max_argument_bytes ||
            argument.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
            return unavailable(pipe.program, "an argument is too long or holds a line end");
        command.arguments.push_back(argument);
    }
    command.environment = environment(task);
    if (!task.settings.home.empty() && ::access(task.settings.home.c_str(), X_OK) == 0)
        command.directory = task.settings.home;
    command.input = {message.header_bytes, message.rest};
    const bool lf =
        base::iequals(task.settings.plugin("sieve_pipe_input_eol").value_or("crlf"), "lf");
    command.input_line_ends =
        lf ? base::Command::LineEnds::as_given : base::Command::LineEnds::crlf;
    command.timeout = task.deadline.cut(
        task.settings.plugin_time("sieve_pipe_exec_timeout").value_or(default_exec_timeout));
    if (task.deadline.is_over()) {
        PipeEnd end = unavailable(pipe.program, "the time for this delivery is over");
        end.temporary = true;
        return end;
    }
    const base::Ended ended = base::run_command(command);
    if (ended.success()) return {.ok = true};
    std::string line = "program exec:" + command.arguments.front() + ": ";
    line += ended.how == base::Ended::How::exited
                ? "Terminated with non-zero exit code " + std::to_string(ended.code)
                : ended.text();
    if (!ended.output.empty())
        line +=
            " (it said: " + base::printable(base::trim(ended.output), logged_output_bytes) + ')';
    return {false, "the program " + ended.text(), std::move(line), ended.lacked_resources()};
}

}  // namespace deliver
