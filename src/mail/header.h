// SPDX-License-Identifier: MIT
// Header fields: an index over the bytes of a header block, and the ways to read a field's value.
// RFC 5322 §2.2, §4.5, RFC 6532. Nothing is copied or decoded before somebody asks; building the
// index is one pass over the block. LF and CRLF both end a line, a lone CR ends none. A line that
// is neither a field nor a continuation is a field without a name. The bytes must outlive the
// index; const functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

struct Field {
    std::string_view name;   // as written, without white space before the colon (RFC 5322 §4.5.8);
                             // empty for a line that is no field
    std::string_view value;  // all after the colon, folds included, without the final line end
    std::size_t offset = 0;  // of the whole field in the bytes given, final line end included
    std::size_t size = 0;
};

class HeaderBlock {
    struct Entry {
        std::uint32_t offset;
        std::uint32_t name_size;
        std::uint32_t value;  // offset
        std::uint32_t value_size;
        std::uint32_t size;
        std::uint32_t hash;
        std::uint32_t next;  // in the same bucket
    };

  public:
    // Fields of one name, in order of appearance.
    class Matches {
      public:
        class Iterator {
          public:
            using value_type = Field;
            using difference_type = std::ptrdiff_t;
            using iterator_category = std::input_iterator_tag;
            using pointer = const Field*;
            using reference = Field;
            Iterator() = default;
            Iterator(const HeaderBlock* block, std::string_view name, std::uint32_t hash,
                     std::uint32_t at)
                : block_(block), name_(name), hash_(hash), at_(at) {}
            Field operator*() const { return block_->field(at_); }
            Iterator& operator++() {
                at_ = block_->next_match(block_->entries_[at_].next, hash_, name_);
                return *this;
            }
            bool operator==(const Iterator& other) const { return at_ == other.at_; }

          private:
            const HeaderBlock* block_ = nullptr;
            std::string_view name_;
            std::uint32_t hash_ = 0;
            std::uint32_t at_ = none;
        };
        Matches(Iterator first) : first_(first) {}
        Iterator begin() const { return first_; }
        Iterator end() const { return {}; }
        bool empty() const { return begin() == end(); }

      private:
        Iterator first_;
    };

    HeaderBlock() = default;
    // Indexes the block that starts at the first byte and ends with an empty line or the last byte.
    // What follows it is not looked at. At most `max_bytes` are indexed.
    explicit HeaderBlock(std::string_view bytes);
    HeaderBlock(std::string_view bytes, std::size_t max_bytes);

    std::size_t size() const { return entries_.size(); }
    Field field(std::size_t index) const;

    // Fields of that name, ASCII case ignored. A name that is no field name (RFC 5322 §2.2) has
    // none. `name` must outlive the answer. Cost: constant, plus the fields found.
    Matches find(std::string_view name) const;
    // The first or last one's raw value.
    std::optional<std::string_view> first(std::string_view name) const;
    std::optional<std::string_view> last(std::string_view name) const;
    bool has(std::string_view name) const { return !find(name).empty(); }

    // Bytes before the empty line, and including it: where the body starts.
    std::size_t header_bytes() const { return header_bytes_; }
    std::size_t body_offset() const { return body_offset_; }
    // Whether a limit stopped the index before the block's end.
    bool truncated() const { return truncated_; }

  private:
    static constexpr std::uint32_t none = UINT32_MAX;
    void add(std::size_t begin, std::size_t first_line, std::size_t end);
    void make_buckets();
    void find_body(std::size_t from);
    std::uint32_t next_match(std::uint32_t at, std::uint32_t hash, std::string_view name) const;

    std::string_view bytes_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> buckets_;  // first entry of each; a power of two of them
    std::size_t header_bytes_ = 0;
    std::size_t body_offset_ = 0;
    bool truncated_ = false;
};

// Whether `name` may name a field: printable ASCII without colon (RFC 5322 §2.2).
bool is_field_name(std::string_view name);

// Without line ends and without white space at both ends (RFC 5322 §2.2.3). A TAB that began a
// continuation line becomes a space, as Dovecot shows it to scripts.
std::string unfold(std::string_view value);
// Unfolded, encoded words turned to UTF-8 (RFC 2047), bytes that are not UTF-8 to U+FFFD: how
// people, scripts and logs see a value.
std::string decode_value(std::string_view value);

}  // namespace mail
