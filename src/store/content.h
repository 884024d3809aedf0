// SPDX-License-Identifier: MIT
// The bytes of a message as they go to disk: pieces in order, typically added header lines and then
// a Spool (or a part of it). It refers to them: they outlive it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace base {
class Spool;
}

namespace store {

class Content {
  public:
    Content() = default;
    explicit Content(const base::Spool& spool) { add(spool); }

    void add(std::string_view piece);
    // The spool from byte `from` on.
    void add(const base::Spool& spool, std::uint64_t from = 0);

    // Bytes, and bytes if every line end were CRLF (Maildir's S= and W=).
    std::uint64_t size() const { return size_; }
    std::uint64_t virtual_size() const { return size_ + line_feeds_; }

    struct Piece {
        std::string_view bytes;
        const base::Spool* spool = nullptr;  // whose pages may be forgotten once read
    };
    const std::vector<Piece>& pieces() const { return pieces_; }

  private:
    std::vector<Piece> pieces_;
    std::uint64_t size_ = 0;
    std::uint64_t line_feeds_ = 0;  // without a CR before them
    char last_ = 0;
};

}  // namespace store
