// SPDX-License-Identifier: MIT
// Values of settings by type (compat 1.2). The errors are Dovecot's texts.
#pragma once

#include "base/result.h"
#include "config/table.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace config {

base::Result<bool, std::string> parse_boolean(std::string_view text);
base::Result<std::uint32_t, std::string> parse_number(std::string_view text);
base::Result<std::uint32_t, std::string> parse_mode(
    std::string_view text);  // octal only with a leading 0
base::Result<std::uint64_t, std::string> parse_size(std::string_view text);  // bytes
enum class Milliseconds { allowed, refused };
base::Result<std::chrono::milliseconds, std::string> parse_time(std::string_view text,
                                                                Milliseconds milliseconds);

// A value as doveconf prints it: sizes and times in the largest unit that divides them, modes in
// octal, yes and no. What the type does not allow (a kept "$name") stays as it is.
std::string shown_value(const Setting& setting, std::string_view value);

// The error for a value that the setting's type does not allow, or empty. Values that begin with
// '$' or '<' and were kept unexpanded are the caller's business.
std::string check_value(const Setting& setting, std::string_view value);

}  // namespace config
