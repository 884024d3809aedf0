// SPDX-License-Identifier: MIT
#include "store/content.h"

#include "base/spool.h"

#include <algorithm>

namespace store {
namespace {

// Large spools are mapped files: looked at in steps, so that few pages count at a time.
constexpr std::size_t count_step_bytes = 4 * 1024 * 1024;

std::uint64_t count_line_feeds(std::string_view bytes) {
    return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

}  // namespace

void Content::add(std::string_view piece) {
    if (piece.empty()) return;
    pieces_.push_back({piece, nullptr});
    size_ += piece.size();
    line_feeds_ += count_line_feeds(piece);
}

void Content::add(const base::Spool& spool, std::uint64_t from) {
    from = std::min(from, spool.size());
    if (from == spool.size()) return;
    std::string_view all = spool.view();
    std::uint64_t skipped = 0;
    // Only what is left out is counted: typically a header.
    for (std::string_view left = all.substr(0, from); !left.empty();) {
        std::string_view step = left.substr(0, count_step_bytes);
        skipped += count_line_feeds(step);
        left.remove_prefix(step.size());
        if (!spool.in_memory()) spool.forget_pages();
    }
    pieces_.push_back({all.substr(from), &spool});
    size_ += spool.size() - from;
    line_feeds_ += spool.virtual_size() - spool.size() - skipped;
}

}  // namespace store
