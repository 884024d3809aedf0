// SPDX-License-Identifier: MIT
// A mistake in a configuration, with its place. The text is Dovecot's (compat 1.1), without a
// prefix.
#pragma once

#include <string>
#include <vector>

namespace config {

struct Place {
    std::string file;     // empty: not from a file (command line, built-in)
    unsigned line = 0;    // 1-based, the last physical line; 0: the whole file
    unsigned column = 0;  // 1-based; 0: the whole line
    unsigned length = 0;  // of the offending text, for underlining
};

struct Problem {
    enum class Severity { warning, error };
    Severity severity = Severity::error;
    std::string text;  // "Unknown setting: foo"
    std::string hint;  // "did you mean 'fooo'?", or empty
    Place place;
    std::string source_line;
    bool after_parsing = false;  // a rule between settings: message() names the file only

    // "Error in configuration file FILE line N: TEXT", or without the line where there is none;
    // "FILE line N: TEXT" for warnings.
    std::string message() const;
};
using Problems = std::vector<Problem>;

}  // namespace config
