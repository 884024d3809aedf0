// SPDX-License-Identifier: MIT
// The layout of a binary file, little endian, read in place:
//
//   Header | sections, each 4-byte aligned, in the order of Section
//
// Tables refer to each other by index, strings are (offset, length) into string_bytes. Nothing in a
// file is trusted before the verifier has passed it. Any change here or in the meaning of an opcode
// raises format_version; old files are then compiled again.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sieve::format {

inline constexpr std::array<char, 8> magic{'T', 'a', 'm', 'i', 's', 's', 'v', '\n'};
inline constexpr std::uint32_t format_version = 4;

enum class Section : std::uint8_t {
    strings,         // {u32 offset, u32 length} into string_bytes
    lists,           // {u32 first, u32 count} into list_items
    list_items,      // u32 string
    numbers,         // u64
    templates,       // {u32 first, u32 count} into template_parts
    template_parts,  // u32: kind in the high 8 bits, index in the low 24
    words,           // {u32 extension name (string), u32 word name (string), u32 Kind}
    shapes,          // {u32 word, u32 first, u32 count} into shape_slots
    shape_slots,     // {u32 slot, u32 constant}: constant is absent (all ones) for a pushed value
    extensions,      // u32 string: what the script requires
    variables,       // u32 string: names by slot
    code,            // u32 instructions
    lines,           // bytes: see program/line_table.h
    string_bytes,
    // Tests that share a pass over the values they look at (program/search_plan.h):
    searches,       // {u32 group, u32 instruction behind the test}
    search_groups,  // {u32 first, u32 count} of states, the same of exacts
    search_states,  // match::AutomatonState, numbered within the group, with one more behind
    search_labels,  // bytes, beside search_states
    search_exacts,  // {u32 hash, u32 first, u32 count} into search_found, by hash
    search_found,   // u32 search
};
inline constexpr std::size_t section_count = 20;

// Octets of one entry.
inline constexpr std::array<std::uint32_t, section_count> entry_bytes{
    8, 8, 4, 8, 8, 4, 12, 12, 8, 4, 4, 4, 1, 1, 8, 16, 16, 1, 12, 4};

struct Extent {
    std::uint32_t offset = 0;  // from the start of the file
    std::uint32_t count = 0;   // entries
};

struct Header {
    std::array<char, 8> magic = format::magic;
    std::uint32_t version = format_version;
    std::uint32_t size = 0;      // of the whole file
    std::uint64_t checksum = 0;  // XXH3 of all that follows this field
    std::uint64_t source_high = 0;
    std::uint64_t source_low = 0;
    std::uint64_t compiler = 0;    // hash of version and extension table
    std::uint64_t extensions = 0;  // hash of the allowed and the implicit set
    std::array<Extent, section_count> sections{};
};
inline constexpr std::size_t checksum_end = 24;
static_assert(sizeof(Header) == 56 + section_count * 8);
static_assert(std::endian::native == std::endian::little, "the file is read in place");

// A slot that the script leaves out, or a shape slot whose value is pushed.
inline constexpr std::uint32_t absent = 0xffffffff;

// Names of variables that scripts share begin so (RFC 6609 §3.4); a script's own have no full stop.
inline constexpr std::string_view global_prefix = "global.";

// Parts of a string with variables.
enum class PartKind : std::uint8_t { literal, variable, match_value, environment };

}  // namespace sieve::format
