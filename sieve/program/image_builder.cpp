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

std::size_t ImageBuilder::KeyHash::operator()(const Key& key) const {
    return hash64({reinterpret_cast<const char*>(key.data()), key.size() * sizeof key[0]});
}

std::uint32_t ImageBuilder::string(std::string_view text) {
    const std::uint64_t hash = hash64(text);
    for (auto [at, end] = known_strings_.equal_range(hash); at != end; ++at)
        if (this->text(strings_[at->second]) == text) return at->second;
    const std::uint32_t index = checked(strings_.size());
    if (string_bytes_.size() + text.size() > limits::max_program_bytes) throw ProgramTooLarge();
    known_strings_.emplace(hash, index);
    strings_.push_back({static_cast<std::uint32_t>(string_bytes_.size()),
                        static_cast<std::uint32_t>(text.size())});
    string_bytes_ += text;
    return index;
}

std::uint32_t ImageBuilder::slice(Known& known, Entries<Slice>& table,
                                  Entries<std::uint32_t>& items, const Key& key) {
    const auto [at, fresh] = known.try_emplace(key, checked(table.size()));
    if (fresh) {
        table.push_back({checked(items.size()), checked(key.size())});
        items.insert(items.end(), key.begin(), key.end());
    }
    return at->second;
}

std::uint32_t ImageBuilder::list(const std::vector<std::uint32_t>& strings) {
    return slice(known_lists_, lists_, list_items_, strings);
}

std::uint32_t ImageBuilder::template_(const std::vector<std::uint32_t>& parts) {
    return slice(known_templates_, templates_, template_parts_, parts);
}

std::uint32_t ImageBuilder::number(std::uint64_t value) {
    const auto [at, fresh] = known_numbers_.try_emplace(value, checked(numbers_.size()));
    if (fresh) numbers_.push_back(value);
    return at->second;
}

std::uint32_t ImageBuilder::word(std::string_view extension, std::string_view name,
                                 std::uint32_t kind) {
    const WordEntry entry{string(extension), string(name), kind};
    const auto [at, fresh] =
        known_words_.try_emplace({entry.extension, entry.name, entry.kind}, checked(words_.size()));
    if (fresh) words_.push_back(entry);
    return at->second;
}

std::uint32_t ImageBuilder::shape(std::uint32_t word, const std::vector<SlotEntry>& slots) {
    Key key{word};
    for (const SlotEntry& each : slots)
        key.insert(key.end(), {each.slot, each.constant});
    const auto [at, fresh] = known_shapes_.try_emplace(key, checked(shapes_.size()));
    if (fresh) {
        shapes_.push_back({word, checked(shape_slots_.size()), checked(slots.size())});
        shape_slots_.insert(shape_slots_.end(), slots.begin(), slots.end());
    }
    return at->second;
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
