// SPDX-License-Identifier: MIT
// A message on its way in: bytes kept in memory up to a limit, beyond it in an unlinked temporary
// file. Written once by append(), then sealed and read by any number of recipients (and threads) at
// once. Line ends are normalised while writing: CRLF becomes LF (a CR without LF stays), so what is
// kept is what a Maildir file holds; unless the octets are to stay as they come (BINARYMIME).
#pragma once

#include "base/fd.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class Spool {
  public:
    enum class LineEnds { lf, as_they_come };
    struct Limits {
        std::size_t memory_bytes = 128 * 1024;  // as Dovecot's LDA and LMTP
        std::string temp_dir = "/tmp";          // mail_temp_dir
        LineEnds line_ends = LineEnds::lf;
    };

    explicit Spool(Limits limits) : limits_(std::move(limits)) {}
    Spool() : Spool(Limits{}) {}
    Spool(Spool&& other) noexcept;
    Spool& operator=(Spool&& other) = delete;
    ~Spool();

    // Adds bytes. Throws std::system_error when the temporary file cannot be made or written.
    void append(std::string_view bytes);
    // Ends writing. Throws as append(). The readers below need it.
    void seal();

    // Bytes held, and bytes if every LF were CRLF (Maildir's S= and W=).
    std::uint64_t size() const { return size_; }
    std::uint64_t virtual_size() const { return size_ + line_feeds_; }

    // All bytes: the memory, or a read-only private mapping of the file made at the first call
    // (thread-safe). Pages count for the process only while they are looked at; a reader of
    // everything calls forget_pages() afterwards.
    std::string_view view() const;
    void forget_pages() const;

    // Copies everything to `fd` at its position without mapping it. Throws std::system_error naming
    // `name`.
    void copy_to(int fd, std::string_view name) const;

    bool in_memory() const { return !file_; }
    const Limits& limits() const { return limits_; }

  private:
    void store(std::string_view bytes);
    void spill();

    Limits limits_;
    std::string memory_;  // everything, or while a file is in use: what is not written to it yet
    Fd file_;
    std::uint64_t size_ = 0;
    std::uint64_t line_feeds_ = 0;
    bool pending_cr_ = false;
    mutable void* mapping_ = nullptr;
};

}  // namespace base
