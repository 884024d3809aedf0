// SPDX-License-Identifier: MIT
// The ESMTP parameters behind MAIL and RCPT (RFC 5321 §4.1.1.11: " KEY=value KEY") and behind
// XCLIENT and XFORWARD, and their encoding: xtext (RFC 3461 §4). Pure functions in linear time; the
// views point into the line.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lmtp {

struct Parameter {
    std::string_view key;  // as written; compare without case
    std::optional<std::string_view> value;
};

// Nothing where the text is not a list of parameters. At most 32 of them.
std::optional<std::vector<Parameter>> parse_parameters(std::string_view text);

// "+2B" becomes "+". Nothing where a '+' is not followed by two hexadecimal digits (upper or lower
// case) or where the result holds a control character.
std::optional<std::string> decode_xtext(std::string_view text);

// The address of ORCPT="rfc822;xtext" or "utf-8;xtext" (RFC 3461 §4.2, RFC 6533 §3); the error is
// the reply's text.
struct OriginalRecipient {
    std::string address;
    std::string_view error;  // empty when it was understood
};
OriginalRecipient parse_orcpt(std::string_view value);

// NOTIFY=NEVER or a list of SUCCESS, FAILURE, DELAY (RFC 3461 §4.1).
bool is_notify(std::string_view value);

}  // namespace lmtp
