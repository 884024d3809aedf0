// SPDX-License-Identifier: MIT
// The tables of a program where they lie. A view: it owns nothing. Accessors check no bounds; they
// are for images whose header and indices the verifier has passed (program/verify.h), and for the
// verifier itself after it has checked the extents.
#pragma once

#include "sieve/match/automaton.h"
#include "sieve/program/format.h"
#include "sieve/program/opcode.h"

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sieve {

// A run of entries in another table, or of octets.
struct Slice {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};
struct WordEntry {
    std::uint32_t extension = 0;
    std::uint32_t name = 0;
    std::uint32_t kind = 0;
};
struct ShapeEntry {
    std::uint32_t word = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};
struct SlotEntry {
    std::uint32_t slot = 0;
    std::uint32_t constant = format::absent;
};
struct SearchEntry {
    std::uint32_t group = 0;
    std::uint32_t past = 0;
};
struct SearchGroup {
    Slice states;  // the one behind the last left out; none at all, or the root first
    Slice exacts;
};
struct ExactEntry {
    std::uint32_t hash = 0;
    Slice found;
};

class Image {
  public:
    Image() = default;
    // At least a header's size.
    explicit Image(std::string_view bytes) : bytes_(bytes) {
        std::memcpy(&header_, bytes.data(), sizeof header_);
    }

    std::string_view bytes() const { return bytes_; }
    const format::Header& header() const { return header_; }
    std::uint32_t count(format::Section section) const { return extent(section).count; }

    std::string_view string(std::uint32_t index) const {
        const auto [first, count] = at<Slice>(format::Section::strings, index);
        return bytes_.substr(extent(format::Section::string_bytes).offset + first, count);
    }
    Slice string_slice(std::uint32_t i) const { return at<Slice>(format::Section::strings, i); }
    Slice list(std::uint32_t i) const { return at<Slice>(format::Section::lists, i); }
    std::uint32_t list_item(std::uint32_t i) const {
        return at<std::uint32_t>(format::Section::list_items, i);
    }
    std::uint64_t number(std::uint32_t i) const {
        return at<std::uint64_t>(format::Section::numbers, i);
    }
    Slice template_(std::uint32_t i) const { return at<Slice>(format::Section::templates, i); }
    std::uint32_t template_part(std::uint32_t i) const {
        return at<std::uint32_t>(format::Section::template_parts, i);
    }
    WordEntry word(std::uint32_t i) const { return at<WordEntry>(format::Section::words, i); }
    ShapeEntry shape(std::uint32_t i) const { return at<ShapeEntry>(format::Section::shapes, i); }
    SlotEntry shape_slot(std::uint32_t i) const {
        return at<SlotEntry>(format::Section::shape_slots, i);
    }
    std::uint32_t extension(std::uint32_t i) const {
        return at<std::uint32_t>(format::Section::extensions, i);
    }
    std::uint32_t variable(std::uint32_t i) const {
        return at<std::uint32_t>(format::Section::variables, i);
    }
    Instruction instruction(std::uint32_t i) const {
        return at<Instruction>(format::Section::code, i);
    }
    SearchEntry search(std::uint32_t i) const {
        return at<SearchEntry>(format::Section::searches, i);
    }
    SearchGroup search_group(std::uint32_t i) const {
        return at<SearchGroup>(format::Section::search_groups, i);
    }
    match::AutomatonView automaton(const SearchGroup& group) const {
        const auto from = [&](format::Section section, std::size_t each) {
            return bytes_.substr(extent(section).offset + group.states.first * each);
        };
        return {from(format::Section::search_states, sizeof(match::AutomatonState)),
                from(format::Section::search_labels, 1)};
    }
    ExactEntry search_exact(std::uint32_t i) const {
        return at<ExactEntry>(format::Section::search_exacts, i);
    }
    std::uint32_t search_found(std::uint32_t i) const {
        return at<std::uint32_t>(format::Section::search_found, i);
    }
    // The line table's octets (program/line_table.h).
    std::string_view lines() const {
        const format::Extent e = extent(format::Section::lines);
        return bytes_.substr(e.offset, e.count);
    }

  private:
    format::Extent extent(format::Section section) const {
        return header_.sections[static_cast<std::size_t>(section)];
    }
    template <typename T>
    T at(format::Section section, std::uint32_t index) const {
        T value;
        std::memcpy(&value, bytes_.data() + extent(section).offset + index * sizeof(T),
                    sizeof value);
        return value;
    }

    std::string_view bytes_;
    format::Header header_;
};

}  // namespace sieve
