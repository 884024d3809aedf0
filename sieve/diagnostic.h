// SPDX-License-Identifier: MIT
// What is wrong in a script, and where. Positions are byte offsets into the source while it is
// compiled; lines and columns (1-based, columns count octets) are worked out once at the end. The
// rendered lines have Pigeonhole's form: "NAME: line N: error: text.", then a summary line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// Byte offsets into the source, the end excluded.
struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

enum class Severity { error, warning };

struct Diagnostic {
    Severity severity = Severity::error;
    Range where;
    unsigned line = 0;
    unsigned column = 0;
    std::string text;  // without a full stop at its end
};

// The stage that found the first errors; its name makes the summary line.
enum class Stage { none, parse, validation, generation };

// One line without its line end: "frop: line 3: error: unknown command 'foo'.".
std::string to_line(const Diagnostic& diagnostic, std::string_view script_name);
// "frop: error: parse failed."; empty for Stage::none.
std::string summary_line(Stage stage, std::string_view script_name);
// Two lines for a terminal, each with its line end: the source line and carets under the place.
// Empty where the source has no such line. Control characters of the source become '?'.
std::string excerpt(const Diagnostic& diagnostic, std::string_view source);

// Offset to line and column; built once per source, in linear time.
class SourceMap {
  public:
    explicit SourceMap(std::string_view source);

    std::size_t source_size() const { return source_.size(); }
    unsigned line(std::uint32_t offset) const;
    // The same, quicker where it is the line `near` or one of the next.
    unsigned line(std::uint32_t offset, unsigned near) const;
    unsigned column(std::uint32_t offset) const;
    // The text of a line, without its line end; empty where there is none.
    std::string_view text(unsigned line) const;

  private:
    std::string_view source_;
    std::vector<std::uint32_t> starts_;
};

}  // namespace sieve
