// SPDX-License-Identifier: MIT
// The two texts in which bytes stand in stored passwords and in messages, read strictly: what is
// not wholly valid is nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auth {

// Pairs of hexadecimal digits of either case, and nothing else.
std::optional<std::string> read_hex(std::string_view text);
std::string write_hex(std::string_view bytes);  // lower case

enum class Base64 {
    exact,  // as write_base64() gives it: no other character (RFC 4648 §3.3), pad bits of 0 (§3.5)
    stored,  // as Dovecot reads databases: white space anywhere is skipped, pad bits are any
};
// RFC 4648 §4, with its padding and nothing after it.
std::optional<std::string> read_base64(std::string_view text, Base64 form = Base64::exact);
std::string write_base64(std::string_view bytes);

}  // namespace auth
