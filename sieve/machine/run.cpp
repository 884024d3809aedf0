// SPDX-License-Identifier: MIT
// The machine's loop. The program has passed the verifier, so nothing here checks indices; what is
// checked is the budget.
#include "sieve/machine/run.h"

#include "sieve/extension/environment.h"
#include "sieve/limits.h"
#include "sieve/match/regex.h"
#include "sieve/text.h"

#include <algorithm>
#include <ctime>

namespace sieve {

namespace {

// Octets of work in one step of the budget, and between two looks at the clock.
constexpr std::uint64_t octets_per_step = 64;
constexpr std::uint64_t check_interval = std::uint64_t{1} << 20;

std::int64_t cpu_now_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::uint64_t work_limit(std::uint64_t steps) {
    std::uint64_t octets = 0;
    return __builtin_mul_overflow(steps, octets_per_step, &octets) ? UINT64_MAX : octets;
}

}  // namespace

Run::Run(const Program& program, const Job& job, Decided before)
    : program_(program),
      image_(program.image()),
      job_(job),
      before_(std::move(before)),
      edited_(before_.message),
      message_(edited_ != nullptr ? edited_.get() : &job.message),
      lines_(image_.lines()),
      tracer_(job.trace),
      fields_(*message_, image_.count(format::Section::strings)),
      variables_(image_.count(format::Section::variables), job.settings.max_variable_bytes),
      wants_match_values_(image_.count(format::Section::templates) != 0),
      deciding_(before_, job.settings),
      work_(work_limit(job.settings.max_steps)),
      untrue_(image_, job.recorded_tests),
      pending_(limits::max_matches_per_decision) {
    stack_.reserve(program.max_stack());
}

Outcome Run::finish() {
    const std::string name(job_.script_name);
    if (tracer_.at(TraceLevel::actions))
        tracer_.banner("## Started executing script '" + name + "'");
    try {
        execute();
        make_edits();
        outcome_.decided.message = edited_;
        outcome_.decided.actions = std::move(deciding_.actions());
        outcome_.decided.internal_flags = std::move(deciding_.internal_flags());
        outcome_.implicit_keep = deciding_.implicit_keep();
        outcome_.explicit_keep = deciding_.explicit_keep();
        outcome_.keep_cancelled_in = deciding_.keep_cancelled_in();
    } catch (ScriptError& error) {
        outcome_.error = RuntimeError{line(), std::move(error.text)};
        outcome_.decided = before_;
        outcome_.implicit_keep = true;
    }
    tracer_.place(address_, 0);
    if (tracer_.at(TraceLevel::actions))
        tracer_.banner("## Finished executing script '" + name + "'");
    outcome_.untrue = untrue_.take();
    outcome_.omitted_tests = untrue_.omitted();
    outcome_.steps = work_.octets() / octets_per_step;
    return std::move(outcome_);
}

void Run::edit(Edit edit) {
    if (const auto* add = std::get_if<AddField>(&edit)) {
        added_bytes_ += add->name.size() + add->value.size();
        if (added_bytes_ > limits::max_added_bytes)
            fail("more than " + std::to_string(limits::max_added_bytes) +
                 " octets are added to the header");
    }
    edits_.push_back(std::move(edit));
}

void Run::make_pending_edits() {
    const std::vector<Edit> edits = std::exchange(edits_, {});
    Edited edited = job_.host.edited(*message_, edits);
    if (edited.message == nullptr) fail("the message cannot be edited here");
    work_.add(edited.cost);
    check_budget();
    fields_.look_at(*edited.message);
    message_ = edited.message.get();
    edited_ = std::move(edited.message);
    deciding_.set_message(edited_);
}

bool Run::uses(std::string_view extension) const {
    for (std::uint32_t i = 0; i < image_.count(format::Section::extensions); ++i)
        if (image_.string(image_.extension(i)) == extension) return true;
    return false;
}

std::optional<std::uint32_t> Run::variable_slot(std::string_view name) const {
    for (std::uint32_t i = 0; i < image_.count(format::Section::variables); ++i)
        if (iequals(variable_name(i), name)) return i;
    return std::nullopt;
}

void Run::execute() {
    while (true) {
        address_ = next_++;
        work_.add(octets_per_step);
        check_budget();
        const Instruction instruction = image_.instruction(address_);
        if (instruction.opcode() == Opcode::end) {
            if (next_ < image_.count(format::Section::code)) stop();
            return;
        }
        step(instruction);
    }
}

void Run::stop() {
    outcome_.stopped_in = line();
    if (!tracer_.at(TraceLevel::commands)) return;
    tracer_.place(address_, line());
    tracer_.write(0, "stop command; end all script execution");
}

void Run::step(Instruction instruction) {
    const std::uint32_t operand = instruction.operand();
    switch (instruction.opcode()) {
        case Opcode::push_string:
            stack_.push_back(
                {.kind = ValueKind::string, .string = {image_.string(operand), operand}});
            return;
        case Opcode::push_list:
            stack_.push_back({.kind = ValueKind::list, .list = image_.list(operand)});
            return;
        case Opcode::push_number:
            stack_.push_back({.kind = ValueKind::number, .number = image_.number(operand)});
            return;
        case Opcode::push_template:
            stack_.push_back({.kind = ValueKind::string, .string = expand(operand)});
            return;
        case Opcode::make_list:
            return make_list(operand);
        case Opcode::test:
        case Opcode::command:
            return call(operand, instruction.opcode());
        case Opcode::jump:
            return jump(operand, true);
        case Opcode::jump_if_true:
            return jump(operand, truth_);
        case Opcode::jump_if_false:
            return jump(operand, !truth_);
        case Opcode::decided:
            return decided(operand);
        case Opcode::end:
            return;
    }
}

void Run::call(std::uint32_t index, Opcode opcode) {
    const Shape& shape = program_.shapes()[index];
    const Arguments arguments(image_, shape, stack_.data());
    const WordSpec& word = *shape.word;
    if (opcode == Opcode::test) {
        if (tracer_.at(TraceLevel::tests)) {
            tracer_.place(address_, line());
            tracer_.write(0, std::string(word.name) + " test");
        }
        untrue_.begin(address_);
        truth_ = word.test(*this, arguments);
        untrue_.end(word.name, truth_, lines_);
    } else {
        if (tracer_.at(word.is_action ? TraceLevel::actions : TraceLevel::commands)) {
            tracer_.place(address_, line());
            std::string text = std::string(word.name) + (word.is_action ? " action" : " command");
            if (!word.trace_note.empty()) text.append("; ").append(word.trace_note);
            tracer_.write(0, text);
        }
        word.command(*this, arguments);
    }
    stack_.clear();
}

void Run::jump(std::uint32_t target, bool taken) {
    if (tracer_.at(TraceLevel::commands)) {
        tracer_.place(address_, line());
        const Opcode opcode = image_.instruction(address_).opcode();
        if (opcode != Opcode::jump)
            tracer_.write(0, opcode == Opcode::jump_if_true ? "jump if result is true"
                                                            : "jump if result is false");
        const std::string where =
            taken
                ? "jumping to line " + std::to_string(LineTableReader(image_.lines()).line(target))
                : "not jumping";
        tracer_.write(opcode == Opcode::jump ? 0 : 1, where);
    }
    if (taken) next_ = target;
}

StringRef Run::expand(std::uint32_t template_index) {
    std::string text;
    const Slice parts = image_.template_(template_index);
    for (std::uint32_t i = parts.first; i < parts.first + parts.count; ++i) {
        const std::uint32_t bits = image_.template_part(i);
        const std::uint32_t index = bits & 0xffffff;
        switch (static_cast<format::PartKind>(bits >> 24)) {
            case format::PartKind::literal:
                text += image_.string(index);
                break;
            case format::PartKind::variable:
                text += variables_.get(index);
                break;
            case format::PartKind::environment:
                text += environment_variable(*this, image_.string(index));
                break;
            case format::PartKind::match_value:
                if (index < match_values_.size())
                    text += cut_utf8(match_values_[index], job_.settings.max_variable_bytes);
                break;
        }
        if (text.size() > limits::max_string_bytes)
            fail("a string with variables grows longer than " +
                 std::to_string(limits::max_string_bytes) + " octets");
    }
    work_.add(text.size());
    return {keep(std::move(text)), format::absent};
}

void Run::make_list(std::uint32_t count) {
    std::vector<StringRef>& items = made_lists_.emplace_back();
    items.reserve(count);
    for (std::size_t i = stack_.size() - count; i < stack_.size(); ++i)
        items.push_back(stack_[i].string);
    made_bytes_ += count * sizeof(StringRef);
    stack_.resize(stack_.size() - count);
    stack_.push_back({.kind = ValueKind::list, .items = items, .made = true});
}

std::string_view Run::keep(std::string text) {
    made_bytes_ += text.size() + sizeof text;
    if (made_bytes_ > limits::max_run_bytes) fail("the script uses too much memory");
    return made_.emplace_back(std::move(text));
}

const match::Regex* Run::regex(StringRef key, match::Comparator comparator) {
    std::string why;
    auto regex = key.constant != format::absent
                     ? program_.regexes().get(key.constant, key.text, comparator, why)
                     : match::Regex::compile(key.text, comparator, why);
    if (!regex) {
        warn("invalid regular expression '" + printable(key.text) + "': " + why);
        return nullptr;
    }
    if (key.constant != format::absent) return regex.get();  // the program's
    made_bytes_ += limits::regex_run_bytes;
    if (made_bytes_ > limits::max_run_bytes) fail("the script uses too much memory");
    work_.add(key.text.size() * octets_per_step);
    return regexes_.emplace_back(std::move(regex)).get();
}

void Run::check_limits() {
    if (work_.exhausted()) fail("execution exceeds the limit of instructions");
    const unsigned seconds = job_.settings.max_cpu_seconds;
    if (seconds != 0) {
        const std::int64_t now = cpu_now_ns();
        if (cpu_limit_ns_ == 0) cpu_limit_ns_ = now + std::int64_t{seconds} * 1'000'000'000;
        if (now > cpu_limit_ns_)
            fail("execution exceeds the CPU time limit of " + std::to_string(seconds) + " seconds");
    }
    next_check_ =
        std::min(work_.octets() + check_interval, work_limit(job_.settings.max_steps) + 1);
    if (next_check_ == 0) next_check_ = UINT64_MAX;
}

void Run::warn(std::string text) {
    if (outcome_.warnings.size() < limits::max_run_warnings)
        outcome_.warnings.push_back({line(), std::move(text)});
}

void Run::say(std::string text) {
    if (outcome_.debug.size() < limits::max_debug_lines)
        outcome_.debug.push_back({line(), std::move(text)});
}

Origin Run::origin() {
    return {std::string(job_.script_name), line()};
}

void Run::matched(std::string_view test, std::string_view field, std::string_view value,
                  std::string_view key) {
    if (pending_count_ == pending_.size()) {
        std::rotate(pending_.begin(), pending_.begin() + 1, pending_.end());
        --pending_count_;
    }
    PendingMatch& match = pending_[pending_count_++];
    match.address = address_;
    match.record.line = line();
    // Cut here, so that a long value costs no more than a short one.
    match.record.test.assign(test);
    match.record.field.assign(field.substr(0, limits::max_recorded_value_bytes));
    match.record.value.assign(cut_utf8(value, limits::max_recorded_value_bytes));
    match.record.key.assign(cut_utf8(key, limits::max_recorded_value_bytes));
}

void Run::decided(std::uint32_t begin) {
    untrue_.taken(address_);
    const std::size_t count = std::exchange(pending_count_, 0);
    if (outcome_.decisions.size() == limits::max_decisions) {
        ++outcome_.omitted_decisions;
        return;
    }
    Decision decision{line(), {}};
    for (std::size_t i = 0; i < count; ++i) {
        if (pending_[i].address < begin) continue;
        decision.matches.push_back(std::move(pending_[i].record));
    }
    outcome_.decisions.push_back(std::move(decision));
}

}  // namespace sieve
