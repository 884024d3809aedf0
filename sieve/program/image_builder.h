// SPDX-License-Identifier: MIT
// Collects the tables of a program, equal entries once, and lays them out as a file. Used by the
// generator alone.
#pragma once

#include "sieve/program/entry_index.h"
#include "sieve/program/format.h"
#include "sieve/program/image.h"
#include "sieve/program/line_table.h"

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// An index or the file outgrew the format.
struct ProgramTooLarge : std::length_error {
    ProgramTooLarge() : std::length_error("the compiled script is too large") {}
};

// What the search_* sections hold.
struct SearchTables {
    std::vector<SearchEntry> searches;
    std::vector<SearchGroup> groups;
    match::AutomatonTables automata;  // its `found` is also that of exacts
    std::vector<ExactEntry> exacts;
};

class ImageBuilder {
  public:
    // Makes room for what scripts of so many octets come to as a rule, so that tables grow in
    // place.
    explicit ImageBuilder(std::size_t source_size);

    // Each gives the index of the entry; all throw ProgramTooLarge. A word comes only once.
    std::uint32_t string(std::string_view text);
    std::uint32_t list(std::span<const std::uint32_t> strings);
    std::uint32_t number(std::uint64_t value);
    std::uint32_t template_(std::span<const std::uint32_t> parts);
    std::uint32_t word(std::string_view extension, std::string_view name, std::uint32_t kind);
    std::uint32_t shape(std::uint32_t word, std::span<const SlotEntry> slots);
    void extension(std::string_view name);
    void variable(std::string_view name);

    std::uint32_t next_instruction() const { return static_cast<std::uint32_t>(code_.size()); }
    void emit(Opcode opcode, std::uint32_t operand = 0);
    // Fills in a target that was not known when the jump was emitted.
    void set_target(std::uint32_t jump, std::uint32_t target);
    void line(unsigned line) { lines_.add(next_instruction(), line); }
    // Of the instructions `consider`, which came with the numbers of SearchPlan::add: gives each
    // its number among the searches, says there where its test ends, and takes those out that have
    // none.
    void number_searches(const std::vector<std::uint32_t>& numbers, SearchTables& search);

    // The file with everything but its checksum.
    std::string finish(format::Header header, const SearchTables& search);

  private:
    template <typename Entry>
    using Entries = std::vector<Entry>;

    static std::uint32_t slice(EntryIndex& known, Entries<Slice>& table,
                               Entries<std::uint32_t>& items, std::span<const std::uint32_t> key);

    void remove(const std::vector<std::uint32_t>& addresses);

    std::string_view text(const Slice& string) const {
        return std::string_view(string_bytes_).substr(string.first, string.count);
    }

    EntryIndex known_strings_;
    EntryIndex known_lists_;
    EntryIndex known_templates_;
    EntryIndex known_shapes_;
    EntryIndex known_numbers_;
    Entries<Slice> strings_;
    Entries<Slice> lists_;
    Entries<std::uint32_t> list_items_;
    Entries<std::uint64_t> numbers_;
    Entries<Slice> templates_;
    Entries<std::uint32_t> template_parts_;
    Entries<WordEntry> words_;
    Entries<ShapeEntry> shapes_;
    Entries<SlotEntry> shape_slots_;
    Entries<std::uint32_t> extensions_;
    Entries<std::uint32_t> variables_;
    Entries<Instruction> code_;
    LineTableWriter lines_;
    std::string string_bytes_;
};

}  // namespace sieve
