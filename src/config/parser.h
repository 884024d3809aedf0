// SPDX-License-Identifier: MIT
// Files of the Dovecot 2.3 language -> Document (compat 1.1 to 1.3). Goes on after a mistake, so
// that all of them are found in one pass. Reads files; otherwise without side effects.
#pragma once

#include "config/document.h"

#include <string>

namespace config {

struct ParseOutcome {
    Document document;
    Problems problems;  // errors, in file order; document.warnings has the rest
};

ParseOutcome parse_file(const std::string& path);
// For tests and built-in text; `name` stands for the file in messages, includes are relative to its
// directory.
ParseOutcome parse_text(std::string_view text, const std::string& name);

// Puts "key=value" of a command line into the global group, over everything of the files (also
// inside filters). `path` is '/'-separated. The error is a text, or empty.
std::string apply_override(Document& document, std::string_view path, std::string_view value);

}  // namespace config
