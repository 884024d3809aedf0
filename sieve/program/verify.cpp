// SPDX-License-Identifier: MIT
#include "sieve/program/verify.h"

#include "sieve/extension/table.h"
#include "sieve/limits.h"

#include <algorithm>
#include <optional>

namespace sieve {

namespace {

using format::Section;

// Found wrong; the text is for a log.
struct Refused {
    std::string why;
};
[[noreturn]] void refuse(std::string why) {
    throw Refused{std::move(why)};
}

// What a slot of a word may hold.
struct SlotRule {
    ValueKind kind = ValueKind::constant;
    std::uint32_t constants = 0;
};

std::optional<SlotRule> rule_of(const TagSpec& tag) {
    return SlotRule{tag.value, tag.constants};
}

std::optional<SlotRule> find_rule(const WordSpec& word, Slot slot, const ExtensionSet& usable) {
    const auto number = static_cast<std::size_t>(slot);
    if (number < word.arguments.size()) {
        const ArgumentSpec& each = word.arguments[number];
        return SlotRule{each.translate != nullptr ? ValueKind::constant : each.value,
                        each.constants};
    }
    for (const TagSpec& tag : word.tags)
        if (tag.slot == slot) return rule_of(tag);
    for (std::size_t i = 0; i < extension_table().size(); ++i) {
        if (!usable.has(i)) continue;
        for (const TagSpec& tag : extension_table()[i]->tags)
            if (tag.slot == slot && adds_to(tag, word)) return rule_of(tag);
    }
    return std::nullopt;
}

class Verifier {
  public:
    Verifier(std::string_view bytes, const ExtensionSet& usable) : bytes_(bytes), usable_(usable) {}

    void run(Verified& result) {
        extents();
        tables();
        searches();
        words();
        shapes(result);
        code(result);
    }

  private:
    std::uint32_t count(Section section) const { return image_.count(section); }

    void below(std::uint32_t index, Section section, const char* what) const {
        if (index >= count(section)) refuse(std::string(what) + " is out of range");
    }
    void inside(Slice slice, Section section, const char* what) const {
        if (std::uint64_t{slice.first} + slice.count > count(section))
            refuse(std::string(what) + " is out of range");
    }

    void extents() {
        if (bytes_.size() < sizeof(format::Header)) refuse("file is too short");
        image_ = Image(bytes_);
        const format::Header& header = image_.header();
        if (header.magic != format::magic) refuse("file is no program");
        if (header.version != format::format_version) refuse("program has another format version");
        if (header.size != bytes_.size()) refuse("file has another size than the program");
        for (std::size_t i = 0; i < format::section_count; ++i) {
            const format::Extent& extent = header.sections[i];
            if (extent.offset < sizeof header ||
                extent.offset + std::uint64_t{extent.count} * format::entry_bytes[i] >
                    bytes_.size())
                refuse("section " + std::to_string(i) + " is out of range");
        }
    }

    void tables() const {
        for (std::uint32_t i = 0; i < count(Section::strings); ++i) {
            const Slice slice = image_.string_slice(i);
            inside(slice, Section::string_bytes, "string");
            if (slice.count > limits::max_string_bytes) refuse("string is too long");
        }
        for (std::uint32_t i = 0; i < count(Section::lists); ++i)
            inside(image_.list(i), Section::list_items, "list");
        for (std::uint32_t i = 0; i < count(Section::list_items); ++i)
            below(image_.list_item(i), Section::strings, "list item");
        for (std::uint32_t i = 0; i < count(Section::extensions); ++i)
            below(image_.extension(i), Section::strings, "extension name");
        if (count(Section::variables) > limits::max_variables) refuse("too many variables");
        for (std::uint32_t i = 0; i < count(Section::variables); ++i)
            below(image_.variable(i), Section::strings, "variable name");
        for (std::uint32_t i = 0; i < count(Section::templates); ++i)
            inside(image_.template_(i), Section::template_parts, "template");
        for (std::uint32_t i = 0; i < count(Section::template_parts); ++i)
            part(image_.template_part(i));
    }

    void part(std::uint32_t bits) const {
        const std::uint32_t index = bits & 0xffffff;
        switch (bits >> 24) {
            case static_cast<std::uint32_t>(format::PartKind::literal):
                return below(index, Section::strings, "literal part");
            case static_cast<std::uint32_t>(format::PartKind::environment):
                return below(index, Section::strings, "environment item");
            case static_cast<std::uint32_t>(format::PartKind::variable):
                return below(index, Section::variables, "variable");
            case static_cast<std::uint32_t>(format::PartKind::match_value):
                if (index > limits::max_match_values) refuse("match value is out of range");
                return;
            default:
                refuse("template part is of no kind");
        }
    }

    void searches() const {
        for (std::uint32_t i = 0; i < count(Section::searches); ++i)
            below(image_.search(i).group, Section::search_groups, "search's group");
        for (std::uint32_t i = 0; i < count(Section::search_found); ++i)
            below(image_.search_found(i), Section::searches, "search that is found");
        std::uint64_t next_found = 0;
        for (std::uint32_t i = 0; i < count(Section::search_exacts); ++i) {
            const Slice found = image_.search_exact(i).found;
            inside(found, Section::search_found, "exact value");
            behind(found, next_found, "exact value");
        }
        if (count(Section::search_labels) != count(Section::search_states))
            refuse("automaton has not a label for each state");
        std::uint64_t next_exact = 0;
        std::uint64_t next_state = 0;
        for (std::uint32_t i = 0; i < count(Section::search_groups); ++i) {
            const SearchGroup group = image_.search_group(i);
            inside(group.exacts, Section::search_exacts, "group of searches");
            behind(group.exacts, next_exact, "group of searches");
            behind(group.states, next_state, "automaton");
            if (group.states.count != 0) automaton(group);
        }
    }

    // Runs that lie one behind the other: what is looked at for each is looked at once.
    void behind(Slice run, std::uint64_t& next, std::string_view what) const {
        if (run.count == 0) return;
        if (run.first < next) refuse(std::string(what) + " overlaps another");
        next = std::uint64_t{run.first} + run.count;
    }

    void automaton(const SearchGroup& group) const {
        const std::uint32_t states = group.states.count;
        if (std::uint64_t{group.states.first} + states >= count(Section::search_states))
            refuse("automaton is out of range");
        const match::AutomatonView view = image_.automaton(group);
        if (view.state(0).first_child != 1 || view.state(states).first_child != states)
            refuse("automaton's states are not all reached");
        constexpr std::uint32_t max_children = 256;
        std::vector<std::uint32_t> depth(states, 0);
        for (std::uint32_t i = 0; i < states; ++i) {
            const match::AutomatonState state = view.state(i), behind = view.state(i + 1);
            if (state.first_child <= i || state.first_child > behind.first_child ||
                behind.first_child > states)
                refuse("automaton's edges are out of order");
            if (behind.first_child - state.first_child > max_children)
                refuse("automaton has more edges than there are octets");
            for (std::uint32_t child = state.first_child; child < behind.first_child; ++child)
                depth[child] = depth[i] + 1;
            // So no octet of a value costs more steps back than octets have led forward.
            if (i != 0 && (state.fail >= i || state.report >= i))
                refuse("automaton goes in a circle");
            if (i != 0 && (depth[state.fail] >= depth[i] || depth[state.report] >= depth[i]))
                refuse("automaton does not go back");
            if (i == 0 && state.report != 0) refuse("automaton finds nothing as something");
            if (state.first_found > behind.first_found ||
                behind.first_found > count(Section::search_found))
                refuse("automaton finds what is not there");
        }
    }

    void words() {
        for (std::uint32_t i = 0; i < count(Section::words); ++i) {
            const WordEntry entry = image_.word(i);
            below(entry.extension, Section::strings, "word's extension");
            below(entry.name, Section::strings, "word's name");
            if (entry.kind > static_cast<std::uint32_t>(WordKind::test))
                refuse("word is of no kind");
            const auto extension = find_extension(image_.string(entry.extension));
            const WordSpec* word =
                !extension || !usable_.has(*extension)
                    ? nullptr
                    : find_word(*extension_table()[*extension], image_.string(entry.name),
                                static_cast<WordKind>(entry.kind));
            if (word == nullptr || (word->command == nullptr && word->test == nullptr))
                refuse("word is unknown");
            words_.push_back(word);
        }
    }

    void shapes(Verified& result) {
        if (count(Section::shapes) > limits::max_shapes) refuse("there are too many shapes");
        pushed_.resize(count(Section::shapes));
        result.shapes.reserve(count(Section::shapes));
        for (std::uint32_t i = 0; i < count(Section::shapes); ++i) {
            const ShapeEntry entry = image_.shape(i);
            below(entry.word, Section::words, "shape's word");
            inside({entry.first, entry.count}, Section::shape_slots, "shape");
            result.shapes.push_back(shape(*words_[entry.word], entry, pushed_[i]));
        }
    }

    Shape shape(const WordSpec& word, const ShapeEntry& entry,
                std::vector<ValueKind>& pushed) const {
        Shape result{&word, 0, {}};
        result.at.fill(format::absent);
        std::uint32_t next = 0;  // slots go up
        for (std::uint32_t k = entry.first; k < entry.first + entry.count; ++k) {
            const SlotEntry each = image_.shape_slot(k);
            if (each.slot < next || each.slot >= slot_count) refuse("slot is out of order");
            next = each.slot + 1;
            const auto rule = find_rule(word, static_cast<Slot>(each.slot), usable_);
            if (!rule) refuse("word has no such slot");
            std::uint32_t& at = result.at[each.slot];
            if (rule->kind != ValueKind::constant) {
                if (each.constant != format::absent) refuse("slot holds no constant");
                at = result.pushed++;
                pushed.push_back(rule->kind);
                continue;
            }
            const std::uint32_t bound =
                rule->constants == variable_slots ? count(Section::variables) : rule->constants;
            if (each.constant >= bound) refuse("slot's constant is out of range");
            at = each.constant;
        }
        for (std::size_t i = 0; i < word.arguments.size(); ++i)
            if (!word.arguments[i].optional && result.at[i] == format::absent)
                refuse("call lacks an argument");
        return result;
    }

    void code(Verified& result) {
        const std::uint32_t size = count(Section::code);
        if (size == 0 || image_.instruction(size - 1).bits != Instruction::make(Opcode::end).bits)
            refuse("code does not end");
        std::vector<bool> target(size, false);
        clear_.assign(size, false);
        for (std::uint32_t at = 0; at < size; ++at) {
            if (target[at] && !stack_.empty()) refuse("jump goes into a call");
            clear_[at] = stack_.empty();
            const Instruction instruction = image_.instruction(at);
            if ((instruction.bits & 0xff) >= opcode_table.size()) refuse("opcode is unknown");
            step(instruction, at, target, result);
            if (stack_.size() > limits::max_stack) refuse("stack is too deep");
            result.max_stack =
                std::max(result.max_stack, static_cast<std::uint32_t>(stack_.size()));
        }
    }

    void step(Instruction instruction, std::uint32_t at, std::vector<bool>& target,
              Verified& result) {
        const std::uint32_t operand = instruction.operand();
        switch (instruction.opcode()) {
            case Opcode::push_string:
                below(operand, Section::strings, "operand");
                return stack_.push_back(ValueKind::string);
            case Opcode::push_list:
                below(operand, Section::lists, "operand");
                return stack_.push_back(ValueKind::list);
            case Opcode::push_number:
                below(operand, Section::numbers, "operand");
                return stack_.push_back(ValueKind::number);
            case Opcode::push_template:
                below(operand, Section::templates, "operand");
                return stack_.push_back(ValueKind::string);
            case Opcode::make_list:
                if (operand > stack_.size()) refuse("stack is too short");
                for (std::uint32_t i = 0; i < operand; ++i, stack_.pop_back())
                    if (stack_.back() != ValueKind::string) refuse("list holds other than strings");
                return stack_.push_back(ValueKind::list);
            case Opcode::test:
            case Opcode::command: {
                below(operand, Section::shapes, "operand");
                const Shape& shape = result.shapes[operand];
                const WordKind kind =
                    instruction.opcode() == Opcode::test ? WordKind::test : WordKind::command;
                if (shape.word->kind != kind) refuse("word is of the other kind");
                return call(operand);
            }
            case Opcode::jump:
            case Opcode::jump_if_true:
            case Opcode::jump_if_false:
                if (!stack_.empty()) refuse("jump leaves values behind");
                if (operand <= at || operand >= target.size()) refuse("target is out of range");
                target[operand] = true;
                return;
            case Opcode::loop_begin:
                if (!stack_.empty()) refuse("loop leaves values behind");
                if (operand <= at || operand >= target.size()) refuse("loop is out of range");
                target[operand] = true;
                return;
            case Opcode::loop_next:
                if (!stack_.empty() || operand > at || !clear_[operand])
                    refuse("loop has no beginning");
                return;
            case Opcode::loop_leave:
                if (!stack_.empty() || operand == 0 || operand > limits::max_loop_nesting)
                    refuse("end of loops is out of place");
                return;
            case Opcode::guard_begin:
                if (!stack_.empty()) refuse("guard leaves values behind");
                if (operand <= at || operand >= target.size()) refuse("guard is out of range");
                target[operand] = true;
                return;
            case Opcode::guard_end:
                if (!stack_.empty() || operand != 0) refuse("guard ends out of place");
                return;
            case Opcode::decided:
                if (!stack_.empty() || operand > at) refuse("decision is out of place");
                return;
            case Opcode::consider: {
                below(operand, Section::searches, "operand");
                const std::uint32_t past = image_.search(operand).past;
                if (!stack_.empty() || past <= at || past >= target.size())
                    refuse("search is out of place");
                target[past] = true;
                return;
            }
            case Opcode::end:
                if (!stack_.empty() || operand != 0) refuse("end is out of place");
                return;
        }
    }

    // All that is on the stack belongs to the one call.
    void call(std::uint32_t shape) {
        const auto fits = [](ValueKind pushed, ValueKind wanted) {
            return pushed == wanted || (wanted == ValueKind::list && pushed == ValueKind::string);
        };
        if (!std::ranges::equal(stack_, pushed_[shape], fits))
            refuse("call has other values than its shape");
        stack_.clear();
    }

    std::string_view bytes_;
    const ExtensionSet& usable_;
    Image image_;
    std::vector<const WordSpec*> words_;
    std::vector<std::vector<ValueKind>> pushed_;  // by shape
    std::vector<ValueKind> stack_;
    std::vector<bool> clear_;  // instructions at which the stack is empty
};

}  // namespace

Verified verify(std::string_view bytes, const ExtensionSet& usable) {
    Verified result;
    try {
        Verifier(bytes, usable).run(result);
    } catch (Refused& refused) {
        result = {std::move(refused.why), {}, 0};
    }
    return result;
}

}  // namespace sieve
