// SPDX-License-Identifier: MIT
// The machine's loop. The program has passed the verifier, so nothing here checks indices; what is
// checked is the budget.
#include "sieve/machine/run.h"

#include "sieve/extension/environment.h"
#include "sieve/extension/mime_test.h"
#include "sieve/limits.h"
#include "sieve/match/regex.h"
#include "sieve/text.h"

#include <algorithm>
#include <ctime>

namespace sieve {

namespace {

// Octets of work between two looks at the clock.
constexpr std::uint64_t check_interval = std::uint64_t{1} << 20;

std::int64_t cpu_now_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Run::Run(const Program& program, Execution& execution, std::string_view script_name)
    : program_(program),
      image_(program.image()),
      execution_(execution),
      script_name_(script_name),
      lines_(image_.lines()),
      version_(execution.version),
      fields_(*execution.message, image_.count(format::Section::strings)),
      variables_(image_.count(format::Section::variables),
                 execution.job.settings.max_variable_bytes),
      wants_match_values_(image_.count(format::Section::templates) != 0),
      candidates_(image_),
      untrue_(image_, execution.tests_to_record),
      pending_(limits::max_matches_per_decision) {
    stack_.reserve(program.max_stack());
    share_globals();
}

bool Run::execute() {
    if (tracer().at(TraceLevel::actions))
        tracer().banner("## Started executing script '" + std::string(script_name_) + "'");
    try {
        run_guarded();
        see_edits();
    } catch (ScriptError& error) {
        if (error.line == 0) {
            error.line = line();
            error.script = script_name_;
        }
        end_trace();
        throw;
    }
    end_trace();
    return !stopped_;
}

void Run::end_trace() {
    tracer().place(address_, 0);
    if (tracer().at(TraceLevel::actions))
        tracer().banner("## Finished executing script '" + std::string(script_name_) + "'");
}

ScriptReport Run::take_report() {
    report_.untrue = untrue_.take();
    report_.omitted_tests = untrue_.omitted();
    return std::move(report_);
}

void Run::edit(Edit edit) {
    if (const auto* add = std::get_if<AddField>(&edit)) {
        execution_.added_bytes += add->name.size() + add->value.size();
        if (execution_.added_bytes > limits::max_added_bytes)
            fail("more than " + std::to_string(limits::max_added_bytes) +
                 " octets are added to the header");
    }
    execution_.edits.push_back(std::move(edit));
}

void Run::look_at_edited() {
    if (!execution_.edits.empty()) {
        const std::vector<Edit> edits = std::exchange(execution_.edits, {});
        Edited edited = host().edited(*execution_.message, edits);
        if (edited.message == nullptr) fail("the message cannot be edited here");
        take_message(std::move(edited));
    }
    version_ = execution_.version;
    work().add(image_.count(format::Section::strings));  // places of fields are made anew
    check_budget();
    fields_.look_at(*execution_.message);
    candidates_.forget();
}

void Run::take_message(Edited edited) {
    work().add(edited.cost);
    check_budget();
    execution_.message = edited.message.get();
    execution_.edited = std::move(edited.message);
    execution_.deciding.set_message(execution_.edited);
    ++execution_.version;
}

void Run::replace_message(Edited edited) {
    take_message(std::move(edited));
    // The parts that loops were about are no more.
    for (Loop& loop : loops_)
        loop = {0, 1, 1};
}

Edited Run::edit_now(const Edit& edit) {
    Edited edited = host().edited(message(), {&edit, 1});
    if (edited.message == nullptr) fail("the message cannot be edited here");
    return edited;
}

void Run::replace_part(ReplacePart edit) {
    const std::vector<BodyPart>& before = message().parts();
    if (before.empty()) fail("the message has no parts");
    const std::size_t part = std::min(edit.part, before.size() - 1);
    const std::size_t old_end = end_of_part(before, part);
    const std::size_t old_count = before.size();
    edit.part = part;
    take_message(edit_now(std::move(edit)));
    // Loops go on behind the part; those around it see as many parts as there are now.
    const std::size_t count = message().parts().size();
    for (Loop& loop : loops_) {
        if (loop.end >= old_end) loop.end = loop.end - old_count + count;
        if (loop.part == part) loop.next = old_end - old_count + count;
    }
}

void Run::enclose(Enclose edit) {
    Edited edited = edit_now(std::move(edit));
    execution_.deciding.keep_for_redirect();
    replace_message(std::move(edited));
}

bool Run::uses(std::string_view extension) const {
    for (std::uint32_t i = 0; i < image_.count(format::Section::extensions); ++i)
        if (image_.string(image_.extension(i)) == extension) return true;
    return false;
}

std::optional<std::uint32_t> Run::variable_slot(std::string_view name) const {
    std::optional<std::uint32_t> global;
    for (std::uint32_t i = 0; i < image_.count(format::Section::variables); ++i) {
        std::string_view known = variable_name(i);
        if (iequals(known, name)) return i;
        if (!known.starts_with(format::global_prefix)) continue;
        known.remove_prefix(format::global_prefix.size());
        if (iequals(known, name)) global = i;
    }
    return global;
}

// A failure in a guarded block is told to the testsuite, and the run goes on behind it.
void Run::run_guarded() {
    while (true) {
        try {
            return run_code();
        } catch (const ScriptError& error) {
            if (!leave_guard(error)) throw;
        }
    }
}

bool Run::leave_guard(const ScriptError& error) {
    if (!guard_) return false;
    testsuite().fail_block(error.text, error.line == 0 ? line() : error.line);
    stack_.clear();
    loops_.resize(std::min(loops_.size(), guard_->loops));
    execution_.including.clear();
    next_ = guard_->past;
    guard_.reset();
    return true;
}

Testsuite& Run::testsuite() const {
    Testsuite* suite = host().testsuite();
    if (suite == nullptr) fail("only sieve-testsuite can run this");
    return *suite;
}

void Run::run_code() {
    while (true) {
        address_ = next_++;
        work().add(octets_per_step);
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
    stopped_ = true;
    report_.stopped_in = line();
    if (!tracer().at(TraceLevel::commands)) return;
    tracer().place(address_, line());
    tracer().write(0, "stop command; end all script execution");
}

// On to the last instruction.
void Run::leave() {
    stopped_ = true;
    next_ = image_.count(format::Section::code) - 1;
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
        case Opcode::loop_begin:
            return begin_loop(operand);
        case Opcode::loop_next:
            return next_round(operand);
        case Opcode::loop_leave:
            return leave_loops(operand);
        case Opcode::guard_begin:
            guard_ = {operand, loops_.size()};
            return;
        case Opcode::guard_end:
            if (!std::exchange(guard_, std::nullopt)) fail("the program is damaged");
            return testsuite().end_block();
        case Opcode::decided:
            return decided(operand);
        case Opcode::consider:
            return consider(operand);
        case Opcode::end:
            return;
    }
}

void Run::call(std::uint32_t index, Opcode opcode) {
    const Shape& shape = program_.shapes()[index];
    const Arguments arguments(image_, shape, stack_.data());
    const WordSpec& word = *shape.word;
    if (opcode == Opcode::test) {
        if (tracer().at(TraceLevel::tests)) {
            tracer().place(address_, line());
            tracer().write(0, std::string(word.name) + " test");
        }
        untrue_.begin(address_);
        truth_ = test(word, arguments);
        untrue_.end(word.name, truth_, lines_);
    } else {
        if (tracer().at(word.is_action ? TraceLevel::actions : TraceLevel::commands)) {
            tracer().place(address_, line());
            std::string text = std::string(word.name) + (word.is_action ? " action" : " command");
            if (!word.trace_note.empty()) text.append("; ").append(word.trace_note);
            tracer().write(0, text);
        }
        word.command(*this, arguments);
    }
    stack_.clear();
}

// Where the test that comes cannot be true, past it. Whoever asks for each test sees each run.
void Run::consider(std::uint32_t search) {
    if (tracer().at(TraceLevel::tests) || untrue_.notes_next()) return;
    see_edits();
    if (!candidates_.gathered(search)) {
        considered_ = search;
        return;
    }
    if (candidates_.found(search)) return;
    truth_ = false;
    untrue_.passed_over();
    next_ = image_.search(search).past;
}

// The first test of those that share a pass gives all values that any of them looks at.
bool Run::test(const WordSpec& word, const Arguments& arguments) {
    if (const auto search = std::exchange(considered_, std::nullopt)) {
        candidates_.gather(*search, [&] { word.test(*this, arguments); });
        if (!candidates_.found(*search)) return false;
    }
    return word.test(*this, arguments);
}

void Run::jump(std::uint32_t target, bool taken) {
    if (tracer().at(TraceLevel::commands)) {
        tracer().place(address_, line());
        const Opcode opcode = image_.instruction(address_).opcode();
        if (opcode != Opcode::jump)
            tracer().write(0, opcode == Opcode::jump_if_true ? "jump if result is true"
                                                             : "jump if result is false");
        const std::string where =
            taken
                ? "jumping to line " + std::to_string(LineTableReader(image_.lines()).line(target))
                : "not jumping";
        tracer().write(opcode == Opcode::jump ? 0 : 1, where);
    }
    if (taken) next_ = target;
}

std::optional<std::size_t> Run::current_part() {
    if (loops_.empty()) return std::nullopt;
    return loops_.back().part;
}

// Over all parts, or over those inside of the part of the loop around it.
void Run::begin_loop(std::uint32_t past) {
    if (loops_.size() == limits::max_loop_nesting) fail("loops are nested too deep");
    const std::vector<BodyPart>& parts = message().parts();
    Loop loop{0, 1, parts.size()};
    if (!loops_.empty()) {
        const std::size_t outer = loops_.back().part;
        loop = {outer + 1, outer + 2, outer < parts.size() ? end_of_part(parts, outer) : 0};
    }
    if (loop.part < loop.end)
        loops_.push_back(loop);
    else
        next_ = past;
}

void Run::next_round(std::uint32_t body) {
    // A program that was not made by our compiler may have jumped here.
    if (loops_.empty()) fail("the program is damaged");
    pending_count_ = 0;
    untrue_.go_back();
    Loop& loop = loops_.back();
    if (loop.next >= loop.end) return loops_.pop_back();
    loop.part = loop.next++;
    work().add(image_.lines().size());  // lines are looked for from the table's beginning again
    next_ = body;
}

void Run::leave_loops(std::uint32_t count) {
    loops_.resize(loops_.size() - std::min<std::size_t>(count, loops_.size()));
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
                    text += cut_utf8(match_values_[index], settings().max_variable_bytes);
                break;
        }
        if (text.size() > limits::max_string_bytes)
            fail("a string with variables grows longer than " +
                 std::to_string(limits::max_string_bytes) + " octets");
    }
    work().add(text.size());
    return {keep(std::move(text)), format::absent};
}

void Run::make_list(std::uint32_t count) {
    std::vector<StringRef>& items = made_lists_.emplace_back();
    items.reserve(count);
    for (std::size_t i = stack_.size() - count; i < stack_.size(); ++i)
        items.push_back(stack_[i].string);
    execution_.made_bytes += count * sizeof(StringRef);
    stack_.resize(stack_.size() - count);
    stack_.push_back({.kind = ValueKind::list, .items = items, .made = true});
}

std::string_view Run::keep(std::string text) {
    execution_.made_bytes += text.size() + sizeof text;
    if (execution_.made_bytes > limits::max_run_bytes) fail("the script uses too much memory");
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
    execution_.made_bytes += limits::regex_run_bytes;
    if (execution_.made_bytes > limits::max_run_bytes) fail("the script uses too much memory");
    work().add(key.text.size() * octets_per_step);
    return regexes_.emplace_back(std::move(regex)).get();
}

void Run::check_limits() {
    if (work().exhausted()) fail("execution exceeds the limit of instructions");
    const unsigned seconds = settings().max_cpu_seconds;
    if (seconds != 0) {
        const std::int64_t now = cpu_now_ns();
        if (execution_.cpu_limit_ns == 0)
            execution_.cpu_limit_ns = now + std::int64_t{seconds} * 1'000'000'000;
        if (now > execution_.cpu_limit_ns)
            fail("execution exceeds the CPU time limit of " + std::to_string(seconds) + " seconds");
    }
    execution_.next_check = std::min(work().octets() + check_interval, execution_.most_work + 1);
    if (execution_.next_check == 0) execution_.next_check = UINT64_MAX;
}

void Run::warn(std::string text) {
    if (report_.warnings.size() < limits::max_run_warnings)
        report_.warnings.push_back({line(), std::move(text)});
}

void Run::say(std::string text) {
    if (report_.debug.size() < limits::max_debug_lines)
        report_.debug.push_back({line(), std::move(text)});
}

Origin Run::origin() {
    return {std::string(script_name_), line()};
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
    std::vector<TestRecord> tests = untrue_.taken(address_);
    const std::size_t count = std::exchange(pending_count_, 0);
    if (report_.decisions.size() >= execution_.job.recorded_decisions) {
        ++report_.omitted_decisions;
        return;
    }
    Decision decision{line(), {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
        if (pending_[i].address < begin) continue;
        decision.matches.push_back(std::move(pending_[i].record));
    }
    if (execution_.job.untrue_tests_of_decisions) {
        std::erase_if(tests, &TestRecord::truth);
        decision.untrue = std::move(tests);
    }
    report_.decisions.push_back(std::move(decision));
}

}  // namespace sieve
