// SPDX-License-Identifier: MIT
// The two texts in which stored passwords hold bytes, read strictly: what is not wholly valid is
// nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auth {

// Pairs of hexadecimal digits of either case, and nothing else.
std::optional<std::string> read_hex(std::string_view text);
std::string write_hex(std::string_view bytes);  // lower case

// RFC 4648 §4 with padding, nothing after it but white space; white space is skipped everywhere.
std::optional<std::string> read_base64(std::string_view text);
std::string write_base64(std::string_view bytes);

}  // namespace auth
