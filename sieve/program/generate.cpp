// SPDX-License-Identifier: MIT
// Code generation. Tests become jumps: a condition is "jump there when it is (not) so, else fall
// through", so allof, anyof and not leave no instructions of their own.
#include "sieve/program/generate.h"

#include "sieve/program/image_builder.h"
#include "sieve/program/seal.h"
#include "sieve/program/search_plan.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sieve {

namespace {

class Code {
  public:
    Code(const SourceMap& map, std::size_t shared_from) : map_(map), plan_(shared_from) {}

    std::string finish(const format::Header& header) {
        resolve(to_last_);
        out_.emit(Opcode::end);
        SearchPlan::Result search = plan_.finish();
        out_.number_searches(search.numbers, search.tables);
        return out_.finish(header, search.tables);
    }

    void declare(const std::vector<std::string_view>& extensions,
                 const std::vector<std::string>& variables) {
        for (; extensions_ < extensions.size(); ++extensions_)
            out_.extension(extensions[extensions_]);
        for (; variables_ < variables.size(); ++variables_)
            out_.variable(variables[variables_]);
    }

    void block(std::span<const bound::Statement> statements) {
        for (const bound::Statement& each : statements) {
            if (!each.branches.empty())
                branches(each.branches);
            else if (each.loop)
                loop(each);
            else if (each.guarded)
                guarded(each);
            else if (each.loops_left != 0)
                leave_loops(each);
            else
                command(each.call);
        }
    }

  private:
    // Jumps to a place that is not known yet.
    using Pending = std::vector<std::uint32_t>;

    // What is emitted next comes from there.
    void at(Range where) {
        line_ = map_.line(where.begin, line_);
        out_.line(line_);
    }
    void resolve(const Pending& jumps) {
        for (std::uint32_t jump : jumps)
            out_.set_target(jump, out_.next_instruction());
    }
    void jump(Opcode opcode, Pending& to) {
        to.push_back(out_.next_instruction());
        out_.emit(opcode);
    }

    void command(const bound::Call& command) {
        if (command.word->control == Control::declaration) return;
        at(command.where);
        switch (command.word->control) {
            case Control::stop:
                return out_.emit(Opcode::end);
            case Control::return_:
                return jump(Opcode::jump, to_last_);
            default:
                return call(command, Opcode::command);
        }
    }

    void loop(const bound::Statement& statement) {
        at(statement.call.where);
        const std::uint32_t begin = out_.next_instruction();
        out_.emit(Opcode::loop_begin);
        loops_.emplace_back();
        block(*statement.loop);
        at(statement.call.where);
        out_.emit(Opcode::loop_next, begin + 1);
        resolve(loops_.back());
        loops_.pop_back();
        out_.set_target(begin, out_.next_instruction());
    }

    void guarded(const bound::Statement& statement) {
        at(statement.call.where);
        call(statement.call, Opcode::command);
        const std::uint32_t begin = out_.next_instruction();
        out_.emit(Opcode::guard_begin);
        block(*statement.guarded);
        out_.emit(Opcode::guard_end);
        out_.set_target(begin, out_.next_instruction());
    }

    void leave_loops(const bound::Statement& statement) {
        at(statement.call.where);
        out_.emit(Opcode::loop_leave, statement.loops_left);
        jump(Opcode::jump, loops_[loops_.size() - statement.loops_left]);
    }

    void branches(const Sequence<bound::Branch>& branches) {
        Pending to_end;
        for (const bound::Branch& each : branches) {
            Pending to_next;
            const std::uint32_t begin = out_.next_instruction();
            if (each.condition) test(*each.condition, false, to_next);
            at(each.where);
            out_.emit(Opcode::decided, begin);
            block(each.block);
            if (&each != &branches.back()) jump(Opcode::jump, to_end);
            resolve(to_next);
        }
        resolve(to_end);
    }

    // Jumps to `to` when the test is `when`, else falls through.
    void test(const bound::Call& call, bool when, Pending& to) {
        switch (call.word->control) {
            case Control::not_:
                return test(call.tests[0], !when, to);
            case Control::allof:
                return combination(call, false, when, to);
            case Control::anyof:
                return combination(call, true, when, to);
            case Control::none:
            case Control::require:
            case Control::if_:
            case Control::elsif:
            case Control::else_:
            case Control::stop:
            case Control::foreverypart:
            case Control::break_:
            case Control::test_block:
            case Control::return_:
            case Control::declaration:
            case Control::true_:
            case Control::false_:
                break;
        }
        at(call.where);
        if (const auto search = plan_.add(call)) out_.emit(Opcode::consider, *search);
        this->call(call, Opcode::test);
        jump(when ? Opcode::jump_if_true : Opcode::jump_if_false, to);
    }

    // One test that is `decisive` decides.
    void combination(const bound::Call& call, bool decisive, bool when, Pending& to) {
        Pending past;
        Pending& decided = when == decisive ? to : past;
        for (const bound::Call& each : call.tests) {
            if (&each != &call.tests.back())
                test(each, decisive, decided);
            else
                test(each, when, to);
        }
        resolve(past);
    }

    void call(const bound::Call& call, Opcode opcode) {
        slots_.clear();
        for (const bound::Value& each : call.values) {
            slots_.push_back({static_cast<std::uint32_t>(each.slot), each.constant});
            if (each.kind != ValueKind::constant) push(each);
        }
        const std::uint32_t word = this->word(call);
        out_.emit(opcode, out_.shape(word, slots_));
    }

    // There are no more of them than rows.
    std::uint32_t word(const bound::Call& call) {
        const std::pair word{call.extension, call.word};
        const auto known = std::ranges::find(words_, word);
        if (known != words_.end()) return static_cast<std::uint32_t>(known - words_.begin());
        words_.push_back(word);
        return out_.word(call.extension->name, call.word->name,
                         static_cast<std::uint32_t>(call.word->kind));
    }

    void push(const bound::Value& value) {
        if (value.kind == ValueKind::number)
            return out_.emit(Opcode::push_number, out_.number(value.number));
        bool constant = true;
        for (const bound::Text& each : value.texts)
            constant = constant && each.constant();
        if (value.texts.size() == 1) return push(value.texts[0]);
        if (constant) {
            std::vector<std::uint32_t> strings;
            strings.reserve(value.texts.size());
            for (const bound::Text& each : value.texts)
                strings.push_back(out_.string(each.literal));
            return out_.emit(Opcode::push_list, out_.list(strings));
        }
        for (const bound::Text& each : value.texts)
            push(each);
        out_.emit(Opcode::make_list, static_cast<std::uint32_t>(value.texts.size()));
    }

    void push(const bound::Text& text) {
        if (text.constant()) return out_.emit(Opcode::push_string, out_.string(text.literal));
        std::vector<std::uint32_t> parts;
        for (const bound::Part& part : text.parts) {
            const std::uint32_t index =
                part.kind == format::PartKind::literal || part.kind == format::PartKind::environment
                    ? out_.string(part.literal)
                    : part.index;
            parts.push_back(static_cast<std::uint32_t>(part.kind) << 24 | index);
        }
        out_.emit(Opcode::push_template, out_.template_(parts));
    }

    const SourceMap& map_;
    unsigned line_ = 0;
    SearchPlan plan_;
    ImageBuilder out_{map_.source_size()};
    std::size_t extensions_ = 0;  // declared so far
    std::size_t variables_ = 0;
    std::vector<std::pair<const Extension*, const WordSpec*>> words_;  // by number
    std::vector<SlotEntry> slots_;                                     // of the call that is made
    std::vector<Pending> loops_;  // jumps behind each that is open
    Pending to_last_;             // of return
};

}  // namespace

struct Generator::State {
    Code code;
};

Generator::Generator(const SourceMap& map, std::size_t shared_from)
    : state_(new State{{map, shared_from}}) {}

Generator::~Generator() = default;

void Generator::declare(const std::vector<std::string_view>& extensions,
                        const std::vector<std::string>& variables) {
    state_->code.declare(extensions, variables);
}

void Generator::add(std::span<const bound::Statement> statements) {
    state_->code.block(statements);
}

std::string Generator::finish(const format::Header& header) {
    std::string bytes = state_->code.finish(header);
    seal(bytes);
    return bytes;
}

}  // namespace sieve
