// SPDX-License-Identifier: MIT
// mailto URIs (RFC 6068) as the method of a notification (RFC 5436 §2.7): who gets it, and what of
// it the URI says. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

struct Mailto {
    std::vector<std::string> to;  // addresses, each once in both lists
    std::vector<std::string> cc;
    std::optional<std::string> subject;                        // UTF-8, one line
    std::optional<std::string> body;                           // UTF-8, LF line ends
    std::vector<std::pair<std::string, std::string>> headers;  // the others, one line each
    std::vector<std::string> ignored;  // names of header fields that a URI must not set
};

struct MailtoRead {
    std::optional<Mailto> mailto;
    std::string why;  // there is none
};

// Linear in its length; bounded by limits::max_uri_bytes, max_mailto_recipients and
// max_mailto_headers.
MailtoRead read_mailto(std::string_view uri);

}  // namespace sieve
