// SPDX-License-Identifier: MIT
#include "deliver/refusal.h"

#include "base/text.h"
#include "sieve/action.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace deliver {
namespace {

constexpr std::size_t max_line_bytes =
    400;  // with codes and address below 512 (RFC 5321 §4.5.3.1.5)
constexpr std::size_t max_lines = 50;
constexpr std::string_view usual = "The message was refused by the recipient's mail filter";

bool is_ascii_text(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\n'; });
}

// At a space where there is one.
std::size_t length_of_piece(std::string_view line) {
    if (line.size() <= max_line_bytes) return line.size();
    const std::size_t space = line.rfind(' ', max_line_bytes);
    return space == std::string_view::npos || space == 0 ? max_line_bytes : space;
}

std::string split_lines(std::string_view text) {
    std::string result;
    std::size_t count = 0;
    for (std::string_view line : base::split(text, '\n')) {
        do {
            if (count++ == max_lines) return result;
            const std::size_t length = length_of_piece(line);
            if (!result.empty()) result += '\n';
            result += base::trim(line.substr(0, length));
            line.remove_prefix(length);
        } while (!line.empty());
    }
    return result;
}

}  // namespace

std::string refusal_text(const sieve::Reject& reject) {
    std::string text(base::trim(reject.reason));
    std::erase(text, '\r');
    if (reject.at_protocol) {
        if (text.empty() || !is_ascii_text(text)) return std::string(usual);
        return split_lines(text);
    }
    const bool fits = text.size() <= max_line_bytes && is_ascii_text(text) &&
                      text.find('\n') == std::string::npos;
    return fits ? text : std::string();
}

}  // namespace deliver
