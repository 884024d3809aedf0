// SPDX-License-Identifier: MIT
// `tamis config --check`: everything that can be said about a configuration, at once.
#pragma once

#include "config/document.h"

#include <functional>
#include <string>
#include <string_view>

namespace config {

// Looks at a document that was read, and adds what it finds.
using Look = std::function<void(const Document& document, Problems& problems)>;

struct CheckOutcome {
    Problems problems;  // errors and warnings, in the order of files and lines
    unsigned errors = 0;
    unsigned warnings = 0;
};

// Reads the file, with what it includes, and looks at it with every rule. A configuration without
// errors here is one that the programs start with. `more` sees what only a higher layer knows.
CheckOutcome check_file(const std::string& path, const Look& more = {});

// Errors for the files of "key = <path" values that cannot be read: fatal where values are
// expanded.
Problems unreadable_files(const Document& document);

// Remarks on settings that were read without an error: names in plugin {} that nobody knows, known
// settings that nothing acts on (yet), and combinations that do not do what they seem to
// (compat 13). With a protocol's name, only what holds for it. Programs that run for long log them
// at start.
Problems remarks(const Document& document, std::string_view protocol = {});

// "FILE:LINE:COLUMN: error: TEXT", the source line with the text underlined, and the hint.
std::string report(const Problem& problem);

}  // namespace config
