// SPDX-License-Identifier: MIT
// The ESMTP parameters behind MAIL and RCPT (RFC 5321 §4.1.1.11: " KEY=value KEY") and behind
// XCLIENT and XFORWARD, and their encoding: xtext (RFC 3461 §4). Pure functions in linear time; the
// views point into the line.
#pragma once

#include <cstdint>
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
    std::string type;  // "rfc822"
    std::string address;
    std::string_view error;  // empty when it was understood
};
OriginalRecipient parse_orcpt(std::string_view value);

// BY="120;R", "-3;NT" (RFC 2852 §4), as seconds from now. Nothing where it is no such value, or
// asks for a return at a time that is past.
struct DeliverBy {
    std::int64_t seconds = 0;
    bool returns = false;
    bool trace = false;
};
std::optional<DeliverBy> parse_deliver_by(std::string_view value);

// NOTIFY=NEVER or a list of SUCCESS, FAILURE, DELAY (RFC 3461 §4.1).
bool is_notify(std::string_view value);

}  // namespace lmtp
