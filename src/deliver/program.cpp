// SPDX-License-Identifier: MIT
#include "deliver/program.h"

#include "base/error.h"
#include "base/subprocess.h"
#include "base/text.h"
#include "config/settings.h"
#include "deliver/deadline.h"
#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "deliver/script_service.h"
#include "deliver/user_settings.h"

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

std::vector<std::string> environment(const ProgramWorld& world) {
    std::vector<std::string> result;
    const auto add = [&result](const char* name, const std::string& value) {
        if (!value.empty() && value.find('\0') == std::string::npos)
            result.push_back(std::string(name) + '=' + value);
    };
    add("HOME", world.settings.home);
    add("USER", world.user);
    add("HOST", world.settings.hostname);
    if (!is_null_sender(world.envelope)) add("SENDER", *world.envelope.sender);
    add("RECIPIENT", world.recipient);
    add("ORIG_RECIPIENT", world.envelope.original_recipient.value_or(world.recipient));
    return result;
}

ProgramEnd unavailable(const std::string& program, const std::string& why) {
    ProgramEnd end;
    end.why = why;
    end.log_line = "sieve: program `" + program + "' is not available: " + why;
    end.is_error = true;
    return end;
}

// The settings of each kind.
struct Keys {
    const char* socket_dir;
    const char* bin_dir;
    const char* input_eol;
    const char* exec_timeout;
};
Keys keys_of(ProgramKind kind) {
    switch (kind) {
        case ProgramKind::pipe:
            return {"sieve_pipe_socket_dir", "sieve_pipe_bin_dir", "sieve_pipe_input_eol",
                    "sieve_pipe_exec_timeout"};
        case ProgramKind::filter:
            return {"sieve_filter_socket_dir", "sieve_filter_bin_dir", "sieve_filter_input_eol",
                    "sieve_filter_exec_timeout"};
        case ProgramKind::execute:
            return {"sieve_execute_socket_dir", "sieve_execute_bin_dir", "sieve_execute_input_eol",
                    "sieve_execute_exec_timeout"};
    }
    return {};
}

// Where a program is run.
struct Place {
    std::string path;  // of the socket, or of the program's file
    bool is_service = false;
    std::string why_not{};  // it is nowhere
};

// The socket goes before the file.
Place find_program(const UserSettings& settings, const Keys& keys, const std::string& name) {
    if (const auto sockets = settings.plugin(keys.socket_dir); sockets && !sockets->empty()) {
        std::string path = *sockets + '/' + name;
        if (path.front() != '/') path = settings.config->base_dir + '/' + path;
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0) {
            if (!S_ISSOCK(status.st_mode)) return {path, true, path + ": it is not a socket"};
            return {path, true};
        }
        if (errno != ENOENT && errno != ENOTDIR)
            return {path, true, path + ": stat failed: " + base::error_text(errno)};
    }
    const auto directory = settings.plugin(keys.bin_dir);
    if (!directory || directory->empty())
        return {{}, false, std::string(keys.bin_dir) + " is not set"};
    Place place{*directory + '/' + name};
    if (const auto why = why_not_executable(place.path)) place.why_not = place.path + ": " + *why;
    return place;
}

}  // namespace

bool is_program_name(std::string_view name) {
    return !name.empty() && name.size() <= max_program_name_bytes && name != "." && name != ".." &&
           std::none_of(name.begin(), name.end(), [](char c) {
               return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

ProgramEnd run_program(const ProgramWorld& world, const ProgramRun& run) {
    const Keys keys = keys_of(run.kind);
    const UserSettings& settings = world.settings;
    if (!is_program_name(run.program))
        return unavailable(base::printable(run.program, 200), "its name is not allowed");
    const Place place = find_program(settings, keys, run.program);
    if (!place.why_not.empty()) return unavailable(run.program, place.why_not);
    base::Command command;
    command.arguments.push_back(place.path);
    for (const std::string& argument : run.arguments) {
        if (argument.size() > max_argument_bytes ||
            argument.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
            return unavailable(run.program, "an argument is too long or holds a line end");
        if (place.is_service && argument.empty())
            return unavailable(run.program, "an argument is empty, which no socket can be told");
        command.arguments.push_back(argument);
    }
    command.environment = environment(world);
    if (!settings.home.empty() && ::access(settings.home.c_str(), X_OK) == 0)
        command.directory = settings.home;
    command.input = run.input;
    command.take_output = run.take_output;
    const bool lf = base::iequals(settings.plugin(keys.input_eol).value_or("crlf"), "lf");
    command.input_line_ends =
        lf ? base::Command::LineEnds::as_given : base::Command::LineEnds::crlf;
    command.timeout =
        world.deadline.cut(settings.plugin_time(keys.exec_timeout).value_or(default_exec_timeout));
    if (world.deadline.is_over()) {
        ProgramEnd end = unavailable(run.program, "the time for this delivery is over");
        end.temporary = true;
        return end;
    }
    const base::Ended ended =
        place.is_service ? run_by_service(command) : base::run_command(command);
    ProgramEnd end;
    end.ran = ended.how != base::Ended::How::not_started;
    end.ok = ended.success();
    if (end.ok) return end;
    end.why = "the program " + ended.text();
    end.log_line = (place.is_service ? "program unix:" : "program exec:") + place.path + ": ";
    end.log_line += ended.how == base::Ended::How::exited
                        ? "Terminated with non-zero exit code " + std::to_string(ended.code)
                        : ended.text();
    if (!ended.output.empty())
        end.log_line +=
            " (it said: " + base::printable(base::trim(ended.output), logged_output_bytes) + ')';
    end.temporary = ended.lacked_resources();
    end.is_error = ended.how != base::Ended::How::exited;
    return end;
}

void ProgramEnd::tell(const base::Log& log) const {
    if (ok || log_line.empty()) return;
    if (is_error)
        log.error(log_line);
    else
        log.info(log_line);
}

}  // namespace deliver
