// SPDX-License-Identifier: MIT
#include "store/content.h"

#include "base/spool.h"

#include <algorithm>

namespace store {
namespace {

// Large spools are mapped files: looked at in steps, so that few pages count at a time.
constexpr std::size_t count_step_bytes = 4 * 1024 * 1024;

// Of those that end a line alone; `before` stands before the bytes.
std::uint64_t count_line_feeds(std::string_view bytes, char before) {
    const auto all = static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    if (before != '\r' && bytes.find('\r') == std::string_view::npos) return all;
    std::uint64_t with_return = bytes.starts_with('\n') && before == '\r' ? 1 : 0;
    for (std::size_t at = 0; (at = bytes.find("\r\n", at)) != std::string_view::npos; at += 2)
        ++with_return;
    return all - with_return;
}

}  // namespace

void Content::add(std::string_view piece) {
    if (piece.empty()) return;
    pieces_.push_back({piece, nullptr});
    size_ += piece.size();
    line_feeds_ += count_line_feeds(piece, last_);
    last_ = piece.back();
}

void Content::add(const base::Spool& spool, std::uint64_t from) {
    from = std::min(from, spool.size());
    if (from == spool.size()) return;
    std::string_view all = spool.view();
    for (std::string_view left = all.substr(from); !left.empty();) {
        const std::string_view step = left.substr(0, count_step_bytes);
        line_feeds_ += count_line_feeds(step, last_);
        last_ = step.back();
        left.remove_prefix(step.size());
        if (!spool.in_memory()) spool.forget_pages();
    }
    pieces_.push_back({all.substr(from), &spool});
    size_ += spool.size() - from;
}

}  // namespace store
