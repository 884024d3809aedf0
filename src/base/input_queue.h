// SPDX-License-Identifier: MIT
// What a program gets to read, in pieces of bounded size, line ends changed on the way. Used by one
// thread.
#pragma once

#include "base/subprocess.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace base {

class InputQueue {
  public:
    // The pieces must outlive it.
    InputQueue(const std::vector<std::string_view>& pieces, Command::LineEnds line_ends)
        : pieces_(pieces), crlf_(line_ends == Command::LineEnds::crlf) {}

    // What is to be written next; empty at the end.
    std::string_view pending() {
        while (pending_.empty() && index_ < pieces_.size())
            refill();
        return pending_;
    }
    void written(std::size_t bytes) { pending_.remove_prefix(bytes); }

  private:
    void refill() {
        std::string_view piece = pieces_[index_].substr(offset_);
        piece = piece.substr(0, chunk_bytes);
        offset_ += piece.size();
        if (offset_ == pieces_[index_].size()) {
            ++index_;
            offset_ = 0;
        }
        if (!crlf_) {
            pending_ = piece;
            return;
        }
        buffer_.clear();
        for (const char c : piece) {
            if (c == '\n' && last_ != '\r') buffer_ += '\r';
            buffer_ += c;
            last_ = c;
        }
        pending_ = buffer_;
    }

    static constexpr std::size_t chunk_bytes = 64 * 1024;

    const std::vector<std::string_view>& pieces_;
    bool crlf_;
    std::size_t index_ = 0;
    std::size_t offset_ = 0;
    char last_ = '\0';
    std::string buffer_;
    std::string_view pending_;
};

}  // namespace base
