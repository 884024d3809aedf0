// SPDX-License-Identifier: MIT
// Reply lines (RFC 5321 §4.2, RFC 2034, RFC 3463): from a Disposition to code, enhanced code and
// text. What a reply quotes is made printable and cut to the length of a reply line.
#pragma once

#include "deliver/disposition.h"

#include <string>
#include <string_view>

namespace lmtp {

// The three-digit code that goes with the outcome: 250, 450-452, 550-554.
int reply_code(const deliver::Disposition& disposition);

// "550 5.1.1 <addr> text" CRLF, for RCPT and after the final dot; with several lines of text a
// reply of several lines. `prefix` (the session id, or nothing) stands before the text.
std::string recipient_reply(const deliver::Disposition& disposition, std::string_view address,
                            std::string_view prefix = {});

}  // namespace lmtp
