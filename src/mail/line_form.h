// SPDX-License-Identifier: MIT
// The form in which lines can carry a message that came as BINARYMIME (RFC 3030 §3): what a Maildir
// file, whose line ends are written anew, and SMTP without that extension keep unchanged.
#pragma once

#include <functional>
#include <string_view>

namespace mail {

// Gives `out` the message in pieces, in order. A part labelled "binary" (RFC 2045 §6.2) becomes
// "8bit" where its lines allow that (no NUL, no lone CR or LF, at most 998 octets each), otherwise
// base64; all else is as it was, CRLF included. Linear; what lies beyond the limits of
// parse_structure stays as it is. `message` has its line ends as they came.
void line_form(std::string_view message, const std::function<void(std::string_view)>& out);

}  // namespace mail
