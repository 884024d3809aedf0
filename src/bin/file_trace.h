// SPDX-License-Identifier: MIT
// What a script does, step by step, in a file (sieve-compat 4.2): -t and -T of the tools.
#pragma once

#include "sieve/machine/trace.h"
#include "sieve/outcome.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bin {

struct TraceOptions {
    sieve::TraceLevel level = sieve::TraceLevel::actions;
    bool addresses = false;
    bool debug = false;
};
// Of -T. Throws ToolFailure for words that it does not know.
TraceOptions read_trace_words(const std::vector<std::string>& words);

class FileTrace final : public sieve::TraceSink {
  public:
    // "-" is standard output. Throws ToolFailure where the file cannot be written.
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

}  // namespace bin
