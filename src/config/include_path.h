// SPDX-License-Identifier: MIT
// The files that "!include PATTERN" names (compat 1.1).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace config {

// "dir/" of "dir/file", or empty.
std::string directory_of(const std::string& file);

// Paths that match the glob(3) pattern with braces, in glob's order; relative ones start at
// `from_file`'s directory. Empty where none matches; nothing where a directory cannot be read.
std::optional<std::vector<std::string>> matching_files(const std::string& pattern,
                                                       const std::string& from_file);

}  // namespace config
