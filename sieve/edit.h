// SPDX-License-Identifier: MIT
// Changes that a script makes to the message (RFC 5293, RFC 5703). The machine collects them; the
// host makes the message that they lead to when something looks at it or is to be done with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sieve {

struct AddField {
    std::string name;
    std::string value;  // UTF-8, without line ends; the host folds and encodes
    bool last = false;  // at the header's end instead of its beginning
};

struct DeleteFields {
    std::string name;
    std::vector<std::size_t> which;  // among the fields of that name, from 0, going up
};

// A part gets another content, the root with its header fields kept (RFC 5703 §5).
struct ReplacePart {
    std::size_t part = 0;
    bool is_mime = false;                // `text` is a MIME entity, else plain text
    std::string text;                    // UTF-8
    std::optional<std::string> subject;  // of the root: the old one becomes Original-Subject
    std::optional<std::string> from;     // likewise
};

// A new message of a text and the old message (RFC 5703 §6).
struct Enclose {
    std::string text;                    // UTF-8
    std::optional<std::string> subject;  // absent: the old one's
    std::vector<std::string> headers;    // names of the fields to copy
};

using Edit = std::variant<AddField, DeleteFields, ReplacePart, Enclose>;

}  // namespace sieve
