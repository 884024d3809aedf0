// SPDX-License-Identifier: MIT
#include "mail/message_id.h"

#include "base/text.h"
#include "mail/header.h"
#include "mail/limits.h"

#include <fmt/format.h>

namespace mail {

namespace {

constexpr bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// After the comment or quoted string that begins at `at`; just after its first character where it
// is never closed.
std::size_t skip_enclosed(std::string_view text, std::size_t at) {
    const bool comment = text[at] == '(';
    std::size_t depth = 1;
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (comment && text[i] == '(') {
            if (++depth > limits::comment_depth) break;
        } else if (text[i] == (comment ? ')' : '"') && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::vector<std::string> parse_message_ids(std::string_view value) {
    std::vector<std::string> ids;
    bool unclosed = false;
    for (std::size_t at = 0; at < value.size() && ids.size() < limits::message_ids;) {
        const char c = value[at];
        if ((c == '(' || c == '"') && !unclosed) {
            const std::size_t after = skip_enclosed(value, at);
            // One that never closes makes the rest plain text, so that the whole stays linear.
            unclosed = after == std::string_view::npos;
            at = unclosed ? at + 1 : after;
            continue;
        }
        if (c != '<') {
            ++at;
            continue;
        }
        const std::size_t end = value.find_first_of("<>", at + 1);
        if (end == std::string_view::npos) break;
        if (value[end] == '>' && end - at < limits::message_id_bytes) {
            std::string id;
            for (char inner : value.substr(at, end + 1 - at)) {
                if (!is_white(inner)) id += inner;
            }
            if (id.size() > 2) ids.push_back(std::move(id));
        }
        at = value[end] == '>' ? end + 1 : end;
    }
    return ids;
}

std::string message_id_text(std::string_view value) {
    std::vector<std::string> ids = parse_message_ids(value);
    return ids.empty() ? unfold(value) : std::move(ids.front());
}

std::string make_message_id(std::string_view prefix, std::int64_t seconds,
                            std::int64_t microseconds, std::uint64_t counter,
                            std::string_view host) {
    return fmt::format("<{}-{}-{}-{}@{}>", prefix, seconds, microseconds, counter, host);
}

}  // namespace mail
