// SPDX-License-Identifier: MIT
#include "sieve/program/image_builder.h"

#include "sieve/hash.h"
#include "sieve/limits.h"

#include <algorithm>
#include <utility>

namespace sieve {

namespace {

std::uint32_t checked(std::size_t index) {
    if (index > limits::max_operand) throw ProgramTooLarge();
    return static_cast<std::uint32_t>(index);
}

template <typename Entry, std::size_t extent>
std::string_view octets(std::span<Entry, extent> entries) {
    return {reinterpret_cast<const char*>(entries.data()), entries.size_bytes()};
}

// Sections stand at multiples of this.
constexpr std::size_t alignment = 8;

class Layout {
  public:
    // `size`: what the sections hold, about.
    Layout(format::Header& header, std::size_t size) : header_(header) {
        bytes_.reserve(sizeof header + size + format::section_count * alignment);
        bytes_.resize(sizeof header);
    }

    void add(format::Section section, const void* data, std::size_t count) {
        bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
        const auto index = static_cast<std::size_t>(section);
        header_.sections[index] = {static_cast<std::uint32_t>(bytes_.size()),
                                   static_cast<std::uint32_t>(count)};
        bytes_.append(static_cast<const char*>(data), count * format::entry_bytes[index]);
        if (bytes_.size() > limits::max_program_bytes) throw ProgramTooLarge();
    }
    template <typename Entries>
    void add(format::Section section, const Entries& entries) {
        static_assert(std::is_trivially_copyable_v<typename Entries::value_type>);
        add(section, entries.data(), entries.size());
    }

    std::string finish() {
        header_.size = static_cast<std::uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &header_, sizeof header_);
        return std::move(bytes_);
    }

  private:
    format::Header& header_;
    std::string bytes_;
};

}  // namespace

ImageBuilder::ImageBuilder(std::size_t source_size) {
    code_.reserve(source_size / 8);
    lines_.reserve(source_size / 32);
    strings_.reserve(source_size / 32);
    string_bytes_.reserve(source_size / 2);
}

std::uint32_t ImageBuilder::string(std::string_view text) {
    const std::uint32_t next = checked(strings_.size());
    const std::uint32_t index = known_strings_.find(hash64(text), next, [&](std::uint32_t number) {
        return this->text(strings_[number]) == text;
    });
    if (index != next) return index;
    if (string_bytes_.size() + text.size() > limits::max_program_bytes) throw ProgramTooLarge();
    strings_.push_back({static_cast<std::uint32_t>(string_bytes_.size()),
                        static_cast<std::uint32_t>(text.size())});
    string_bytes_ += text;
    return index;
}

std::uint32_t ImageBuilder::slice(EntryIndex& known, Entries<Slice>& table,
                                  Entries<std::uint32_t>& items,
                                  std::span<const std::uint32_t> key) {
    const std::uint32_t next = checked(table.size());
    const std::uint32_t index = known.find(hash64(octets(key)), next, [&](std::uint32_t number) {
        const Slice there = table[number];
        return std::ranges::equal(std::span(items).subspan(there.first, there.count), key);
    });
    if (index == next) {
        table.push_back({checked(items.size()), checked(key.size())});
        items.insert(items.end(), key.begin(), key.end());
    }
    return index;
}

std::uint32_t ImageBuilder::list(std::span<const std::uint32_t> strings) {
    return slice(known_lists_, lists_, list_items_, strings);
}

std::uint32_t ImageBuilder::template_(std::span<const std::uint32_t> parts) {
    return slice(known_templates_, templates_, template_parts_, parts);
}

std::uint32_t ImageBuilder::number(std::uint64_t value) {
    const std::uint32_t next = checked(numbers_.size());
    const std::uint32_t index =
        known_numbers_.find(hash64(octets(std::span(&value, 1))), next,
                            [&](std::uint32_t number) { return numbers_[number] == value; });
    if (index == next) numbers_.push_back(value);
    return index;
}

std::uint32_t ImageBuilder::word(std::string_view extension, std::string_view name,
                                 std::uint32_t kind) {
    words_.push_back({string(extension), string(name), kind});
    return checked(words_.size() - 1);
}

std::uint32_t ImageBuilder::shape(std::uint32_t word, std::span<const SlotEntry> slots) {
    const std::uint32_t next = checked(shapes_.size());
    const auto same = [&](std::uint32_t number) {
        const ShapeEntry& there = shapes_[number];
        const auto its_slots = std::span(shape_slots_).subspan(there.first, there.count);
        return there.word == word && octets(its_slots) == octets(slots);
    };
    const std::uint32_t index =
        known_shapes_.find(hash64(octets(slots)) + (std::uint64_t{word} << 32), next, same);
    if (index == next) {
        if (shapes_.size() == limits::max_shapes) throw ProgramTooLarge();
        shapes_.push_back({word, checked(shape_slots_.size()), checked(slots.size())});
        shape_slots_.insert(shape_slots_.end(), slots.begin(), slots.end());
    }
    return index;
}

void ImageBuilder::extension(std::string_view name) {
    extensions_.push_back(string(name));
}

void ImageBuilder::variable(std::string_view name) {
    variables_.push_back(string(name));
}

void ImageBuilder::emit(Opcode opcode, std::uint32_t operand) {
    checked(code_.size());
    if (opcode == Opcode::make_list && operand > limits::max_stack / 2) throw ProgramTooLarge();
    code_.push_back(Instruction::make(opcode, operand));
}

void ImageBuilder::set_target(std::uint32_t jump, std::uint32_t target) {
    code_[jump] = Instruction::make(code_[jump].opcode(), target);
}

void ImageBuilder::number_searches(const std::vector<std::uint32_t>& numbers,
                                   SearchTables& search) {
    std::vector<std::uint32_t> left_alone;
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
        if (code_[at].opcode() != Opcode::consider) continue;
        const std::uint32_t number = numbers[code_[at].operand()];
        if (number == format::absent)
            left_alone.push_back(at);
        else
            code_[at] = Instruction::make(Opcode::consider, number);
    }
    if (!left_alone.empty()) remove(left_alone);
    SearchEntry* open = nullptr;  // its test comes next
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
        const Opcode opcode = code_[at].opcode();
        if (opcode == Opcode::consider) open = &search.searches[code_[at].operand()];
        if (opcode == Opcode::test && open != nullptr) std::exchange(open, nullptr)->past = at + 1;
    }
}

// Takes instructions out. The addresses go up.
void ImageBuilder::remove(const std::vector<std::uint32_t>& addresses) {
    const auto moved = [&](std::uint32_t address) {
        const auto below = std::ranges::lower_bound(addresses, address) - addresses.begin();
        return address - static_cast<std::uint32_t>(below);
    };
    std::uint32_t to = 0;
    auto next = addresses.begin();
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
        if (next != addresses.end() && *next == at) {
            ++next;
            continue;
        }
        const Instruction here = code_[at];
        const Operand operand = opcode_table[static_cast<std::size_t>(here.opcode())].operand;
        const bool refers = operand == Operand::target || operand == Operand::origin;
        code_[to++] = refers ? Instruction::make(here.opcode(), moved(here.operand())) : here;
    }
    code_.resize(to);
    lines_.move(moved);
}

std::string ImageBuilder::finish(format::Header header, const SearchTables& search) {
    using format::Section;
    const auto with_each = [&](auto what) {
        what(Section::strings, strings_);
        what(Section::lists, lists_);
        what(Section::list_items, list_items_);
        what(Section::numbers, numbers_);
        what(Section::templates, templates_);
        what(Section::template_parts, template_parts_);
        what(Section::words, words_);
        what(Section::shapes, shapes_);
        what(Section::shape_slots, shape_slots_);
        what(Section::extensions, extensions_);
        what(Section::variables, variables_);
        what(Section::code, code_);
        what(Section::lines, lines_.bytes());
        what(Section::string_bytes, string_bytes_);
        what(Section::searches, search.searches);
        what(Section::search_groups, search.groups);
        what(Section::search_states, search.automata.states);
        what(Section::search_labels, search.automata.labels);
        what(Section::search_exacts, search.exacts);
        what(Section::search_found, search.automata.found);
    };
    std::size_t size = 0;
    with_each([&](Section, const auto& entries) { size += entries.size() * sizeof entries[0]; });
    Layout layout(header, size);
    with_each([&](Section section, const auto& entries) { layout.add(section, entries); });
    return layout.finish();
}

}  // namespace sieve
