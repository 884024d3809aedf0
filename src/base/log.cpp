// SPDX-License-Identifier: MIT
#include "base/log.h"

#include "base/clock.h"
#include "base/fd.h"

#include <fmt/core.h>

#include <array>
#include <ctime>
#include <fcntl.h>
#include <mutex>
#include <shared_mutex>
#include <syslog.h>
#include <unistd.h>

namespace base {
namespace {

constexpr std::string_view stderr_path = "/dev/stderr";

// One of the three outputs: syslog when it has no descriptor.
struct Output {
    std::shared_ptr<Fd> file;
    int fd = STDERR_FILENO;
    bool to_syslog = false;
};

struct Sink {
    std::array<Output, 3> outputs;  // errors and warnings, info, debug
    LogTarget target;
    int facility = LOG_MAIL;
};

std::shared_mutex sink_mutex;
Sink& sink() {
    static Sink the_sink;  // the log sink is the one singleton that the house allows
    return the_sink;
}

int facility_number(const std::string& name) {
    constexpr std::pair<std::string_view, int> facilities[] = {
        {"mail", LOG_MAIL},        {"daemon", LOG_DAEMON}, {"user", LOG_USER},
        {"auth", LOG_AUTH},        {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1},
        {"local2", LOG_LOCAL2},    {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4},
        {"local5", LOG_LOCAL5},    {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7},
        {"authpriv", LOG_AUTHPRIV}};
    for (const auto& [known, number] : facilities) {
        if (known == name) return number;
    }
    return LOG_MAIL;
}

Fd open_log_file(const std::string& path, const LogTarget& target) {
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND;
    Fd made(::open(path.c_str(), flags | O_EXCL | O_CLOEXEC, 0600));
    if (!made) return open_file(path.c_str(), flags, 0600);
    // Where it cannot be given away it is as good as one that was there before.
    if (target.owner && ::geteuid() == 0)
        static_cast<void>(!::fchown(made.get(), target.owner->first, target.owner->second));
    return made;
}

Output open_output(const std::string& path, const LogTarget& target) {
    Output output;
    if (path == "syslog") {
        output.to_syslog = true;
    } else if (path != stderr_path) {
        output.file = std::make_shared<Fd>(open_log_file(path, target));
        output.fd = output.file->get();
    }
    return output;
}

int syslog_priority(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return LOG_DEBUG;
        case LogLevel::info:
            return LOG_INFO;
        case LogLevel::warning:
            return LOG_WARNING;
        case LogLevel::error:
            return LOG_ERR;
        case LogLevel::fatal:
            return LOG_CRIT;
    }
    return LOG_ERR;
}

std::string_view level_word(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "Debug: ";
        case LogLevel::info:
            return "Info: ";
        case LogLevel::warning:
            return "Warning: ";
        case LogLevel::error:
            return "Error: ";
        case LogLevel::fatal:
            return "Fatal: ";
    }
    return {};
}

std::string timestamp(const std::string& format) {
    if (format.empty()) return {};
    auto micros = system_clock().now().time_since_epoch().count();
    std::time_t seconds = micros / 1000000;
    std::string with_micros = format;
    if (std::size_t at = with_micros.find("%{usecs}"); at != std::string::npos) {
        with_micros.replace(at, 8, fmt::format("{:06}", micros % 1000000));
    }
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[256];
    return {text, std::strftime(text, sizeof text, with_micros.c_str(), &local)};
}

}  // namespace

void open_log(const LogTarget& target) {
    const std::string& info = target.info_path.empty() ? target.path : target.info_path;
    const std::string& debug = target.debug_path.empty() ? info : target.debug_path;
    Sink opened;
    opened.outputs[0] = open_output(target.path, target);
    opened.outputs[1] = info == target.path ? opened.outputs[0] : open_output(info, target);
    opened.outputs[2] = debug == info ? opened.outputs[1] : open_output(debug, target);
    opened.target = target;
    opened.facility = facility_number(target.syslog_facility);
    std::unique_lock lock(sink_mutex);
    sink() = std::move(opened);
    // openlog keeps the pointer that it is given: the sink's own copy lives on.
    ::openlog(sink().target.ident.c_str(), LOG_NDELAY, sink().facility);
}

std::string log_line(std::string_view prefix, LogLevel level, std::string_view text,
                     bool level_for_info) {
    std::string line(prefix);
    if (level != LogLevel::info || level_for_info) line += level_word(level);
    line += text;
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return line;
}

void Log::write(LogLevel level, std::string_view text) const {
    std::shared_lock lock(sink_mutex);
    const Output& output = sink().outputs[level == LogLevel::debug  ? 2
                                          : level == LogLevel::info ? 1
                                                                    : 0];
    if (output.to_syslog) {
        ::syslog(syslog_priority(level), "%s", log_line(prefix_, level, text, false).c_str());
        return;
    }
    std::string line =
        timestamp(sink().target.timestamp_format) + log_line(prefix_, level, text, true) + "\n";
    // A log that cannot be written must not stop a delivery: the result is ignored on purpose.
    [[maybe_unused]] ssize_t written = ::write(output.fd, line.data(), line.size());
}

}  // namespace base
