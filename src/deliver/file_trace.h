// SPDX-License-Identifier: MIT
// What a script does, step by step, in a file: sieve_trace_dir and its like (sieve-compat 2), -t
// and -T of the tools (4.2).
#pragma once

#include "sieve/machine/trace.h"
#include "sieve/outcome.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace base {
class Clock;
}

namespace deliver {

struct UserSettings;

struct TraceOptions {
    sieve::TraceLevel level = sieve::TraceLevel::actions;
    bool addresses = false;
    bool debug = false;
};
class FileTrace final : public sieve::TraceSink {
  public:
    // "-" is standard output. Throws std::system_error where the file cannot be written.
    FileTrace(const std::string& path, TraceOptions options);

    sieve::TraceLevel level() const override { return options_.level; }
    void write(std::uint32_t address, unsigned line, int depth, std::string_view text) override;
    // After a run: what it cost and what is not seen in its steps.
    void debug(const sieve::Outcome& outcome);

  private:
    void line(const std::string& text);

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    TraceOptions options_;
    std::unique_ptr<std::FILE, Close> file_;
};

// For the scripts of one delivery: a file "YYYYmmdd-HHMMSS.PID.N.trace" in sieve_trace_dir. Null
// where the settings want none or that directory is missing.
std::unique_ptr<FileTrace> delivery_trace(const UserSettings& settings, const base::Clock& clock);

}  // namespace deliver
