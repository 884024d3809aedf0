// SPDX-License-Identifier: MIT
#include "deliver/file_trace.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "deliver/user_settings.h"
#include "sieve/machine/machine.h"

#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace deliver {

FileTrace::FileTrace(const std::string& path, TraceOptions options) : options_(options) {
    if (path == "-") return;
    file_.reset(std::fopen(path.c_str(), "we"));
    if (!file_) base::throw_errno("open", path);
}

void FileTrace::write(std::uint32_t address, unsigned line, int depth, std::string_view text) {
    const std::string whole = sieve::trace_line(
        address, line, depth, text,
        options_.addresses ? sieve::TraceAddresses::shown : sieve::TraceAddresses::hidden);
    std::fprintf(file_ ? file_.get() : stdout, "%s\n", whole.c_str());
}

void FileTrace::debug(const sieve::Outcome& outcome) {
    if (!options_.debug) return;
    line("steps: " + std::to_string(outcome.steps));
    if (outcome.keep_cancelled_in != 0)
        line("implicit keep cancelled in line " + std::to_string(outcome.keep_cancelled_in));
    if (outcome.stopped_in != 0) line("stopped in line " + std::to_string(outcome.stopped_in));
    for (const std::string& flag : outcome.decided.internal_flags.names)
        line("flag at the end: " + flag);
}

void FileTrace::line(const std::string& text) {
    std::fprintf(file_ ? file_.get() : stdout, "      ## debug: %s\n", text.c_str());
}

namespace {

constexpr std::array<std::pair<std::string_view, sieve::TraceLevel>, 4> levels{
    {{"actions", sieve::TraceLevel::actions},
     {"commands", sieve::TraceLevel::commands},
     {"tests", sieve::TraceLevel::tests},
     {"matching", sieve::TraceLevel::matching}}};

std::string file_name(const base::Clock& clock) {
    static std::atomic<unsigned> count{0};
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    std::tm local{};
    ::localtime_r(&seconds, &local);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &local);
    return std::string(text.data(), size) + '.' + std::to_string(::getpid()) + '.' +
           std::to_string(count++) + ".trace";
}

}  // namespace

std::unique_ptr<FileTrace> delivery_trace(const UserSettings& settings, const base::Clock& clock) {
    std::string directory = settings.plugin("sieve_trace_dir").value_or("");
    const std::string wanted = settings.plugin("sieve_trace_level").value_or("none");
    TraceOptions options{sieve::TraceLevel::none};
    for (const auto& [name, level] : levels)
        if (base::iequals(wanted, name)) options.level = level;
    if (directory.empty() || options.level == sieve::TraceLevel::none) return nullptr;
    if (directory.starts_with("~/")) directory.replace(0, 1, settings.home);
    if (!directory.starts_with('/')) directory.insert(0, settings.home + '/');
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return nullptr;
    options.addresses = settings.plugin_bool("sieve_trace_addresses").value_or(false);
    options.debug = settings.plugin_bool("sieve_trace_debug").value_or(false);
    try {
        return std::make_unique<FileTrace>(directory + '/' + file_name(clock), options);
    } catch (const std::system_error& error) {
        settings.log.error(std::string("sieve: trace: ") + error.what());
        return nullptr;
    }
}

}  // namespace deliver
