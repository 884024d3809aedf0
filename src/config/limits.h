// SPDX-License-Identifier: MIT
// Hard limits of the configuration language. Each has a test at its edge.
#pragma once

#include <cstddef>

namespace config {

inline constexpr std::size_t max_file_bytes = 16u << 20;
inline constexpr std::size_t max_line_bytes = 64 * 1024;  // logical, after joining
inline constexpr std::size_t max_include_depth = 32;
inline constexpr std::size_t max_included_files = 10'000;
inline constexpr std::size_t max_section_depth = 16;
inline constexpr std::size_t max_problems = 1000;
inline constexpr std::size_t max_hints = 20;

}  // namespace config
