// SPDX-License-Identifier: MIT
#include "sieve/program/check.h"

#include "sieve/limits.h"
#include "sieve/program/bind_call.h"
#include "sieve/program/mistakes.h"
#include "sieve/program/unit.h"
#include "sieve/text.h"

#include <utility>

namespace sieve {

namespace {

// What a test is worth, where that is known without a message.
enum class Truth { unknown, always, never };

Truth inverse(Truth truth) {
    switch (truth) {
        case Truth::unknown:
            return Truth::unknown;
        case Truth::always:
            return Truth::never;
        case Truth::never:
            return Truth::always;
    }
    return Truth::unknown;
}

class Checker {
  private:
    // That an elsif or else would belong to.
    struct Chain {
        bool open = false;      // an elsif or else may follow
        bool decided = false;   // an earlier condition holds always: nothing behind it can run
        bool has_code = false;  // the last statement holds the branches
    };

  public:
    explicit Checker(Unit& unit) : unit_(unit) {}

    // One that stands in no block.
    void outermost(ast::Command& command, Sequence<bound::Statement>& result) {
        told_ = nullptr;
        add(command, chain_, result);
    }

  private:
    void error(Range where, std::string text) { unit_.diagnostics().error(where, std::move(text)); }

    static std::string quoted(const ast::Name& name) { return "'" + std::string(name.text) + "'"; }

    Sequence<bound::Statement> block(Sequence<ast::Command>& commands) {
        ++depth_;
        Sequence<bound::Statement> result;
        Chain chain;
        for (ast::Command& each : commands)
            add(each, chain, result);
        --depth_;
        return result;
    }

    void add(ast::Command& written, Chain& chain, Sequence<bound::Statement>& result) {
        ast::Command* command = &written;
        ast::Command split_off;
        for (bool more = true; more;) {
            std::optional<ast::Command> next = split_off_next(*command);
            one(*command, chain, result);
            more = next.has_value();
            if (next) split_off = *next;
            command = &split_off;
        }
    }

    void one(ast::Command& command, Chain& chain, Sequence<bound::Statement>& result) {
        const auto word = unit_.find_word(command.head.name.text, WordKind::command);
        if (!word) {
            // Its tests and its block may hide more.
            unit_.report_unknown_word(command.head.name, WordKind::command);
            require_allowed_ = false;
            test_unused(command.head.tests);
            if (command.has_block) block(command.block);
            chain = {};
            return;
        }
        switch (word->spec->control) {
            case Control::require:
                require(command);
                break;
            case Control::if_:
            case Control::elsif:
            case Control::else_:
                return branch(command, word->spec->control, chain, result);
            case Control::foreverypart:
                loop(command, *word, result);
                break;
            case Control::break_:
                break_loop(command, *word, result);
                break;
            case Control::test_block:
                test_block(command, *word, result);
                break;
            default:
                plain(command, *word, result);
                break;
        }
        chain = {};
    }

    // "keep discard;": without its semicolon a command takes the next one for its test, and the
    // block of that for its own. Told and undone, so that the next one is checked, too.
    std::optional<ast::Command> split_off_next(ast::Command& command) {
        ast::Call& head = command.head;
        if (head.form != ast::TestForm::single) return std::nullopt;
        const auto word = unit_.find_word(head.name.text, WordKind::command);
        if (!word) return std::nullopt;
        const Control control = word->spec->control;
        if (control == Control::if_ || control == Control::elsif ||
            !is_word(head.tests[0].name.text, WordKind::command))
            return std::nullopt;
        ast::Call inner = head.tests[0];
        if (control == Control::else_ && iequals(inner.name.text, "if")) {
            error({head.name.where.begin, inner.name.where.end}, "'else if' is written 'elsif'");
            inner.name.text = "elsif";
            head = inner;
            return std::nullopt;
        }
        const std::uint32_t end = end_of(head);
        error({end, end}, "missing ';' after " + quoted(head.name));
        inner.broken = inner.broken || head.broken;
        head.tests.clear();
        head.form = ast::TestForm::none;
        return ast::Command{inner, std::exchange(command.has_block, false),
                            std::exchange(command.block, {})};
    }

    // RFC 5228 §3.2.
    void require(ast::Command& command) {
        const ast::Call& head = command.head;
        if (!require_allowed_)
            error(head.name.where, "'require' must stand before all other commands");
        if (head.broken) {
            unit_.forgive_missing_require();
            return;
        }
        no_tests(head);
        no_block(command);
        if (head.arguments.size() != 1 ||
            !std::holds_alternative<ast::StringList>(head.arguments[0])) {
            error(head.name.where, "'require' needs one string list");
            return;
        }
        for (const ast::String& each : std::get<ast::StringList>(head.arguments[0]).items)
            unit_.require(each.text, each.where);
    }

    void plain(ast::Command& command, const Word& word, Sequence<bound::Statement>& result) {
        require_allowed_ = false;
        no_block(command);
        if (command.has_block) block(command.block);
        if (!no_tests(command.head) || command.head.broken) return;
        bind_call(unit_, word, command.head, result.add(unit_.arena()).call);
    }

    // RFC 5703 §3.
    void loop(ast::Command& command, const Word& word, Sequence<bound::Statement>& result) {
        require_allowed_ = false;
        const bool good = no_tests(command.head) && !command.head.broken;
        const Range where = command.head.name.where;
        if (!command.has_block && good) error(where, quoted(command.head.name) + " needs a block");
        bound::Statement statement;
        if (good) bind_call(unit_, word, command.head, statement.call);
        if (unit_.loops().size() == limits::max_loop_nesting)
            error(where,
                  "loops are nested deeper than " + std::to_string(limits::max_loop_nesting));
        unit_.enter_loop(loop_name(statement.call));
        statement.loop = block(command.block);
        unit_.leave_loop();
        result.add(unit_.arena(), statement);
    }

    // sieve-compat 5.4.
    void test_block(ast::Command& command, const Word& word, Sequence<bound::Statement>& result) {
        require_allowed_ = false;
        const bool good = no_tests(command.head) && !command.head.broken;
        const Range where = command.head.name.where;
        if (!command.has_block && good) error(where, quoted(command.head.name) + " needs a block");
        if (depth_ > 0) error(where, quoted(command.head.name) + " stands in another block");
        bound::Statement statement;
        if (good) bind_call(unit_, word, command.head, statement.call);
        statement.guarded = block(command.block);
        if (good) result.add(unit_.arena(), statement);
    }

    void break_loop(ast::Command& command, const Word& word, Sequence<bound::Statement>& result) {
        require_allowed_ = false;
        no_block(command);
        if (command.has_block) block(command.block);
        if (!no_tests(command.head) || command.head.broken) return;
        const Range where = command.head.name.where;
        bound::Statement statement;
        statement.loops_left = 1;
        bind_call(unit_, word, command.head, statement.call);
        const std::vector<std::string>& loops = unit_.loops();
        if (loops.empty()) return error(where, "'break' stands outside of a 'foreverypart' loop");
        if (statement.call.value(Slot::name) != nullptr) {
            const std::string name = loop_name(statement.call);
            while (loops[loops.size() - statement.loops_left] != name)
                if (++statement.loops_left > loops.size())
                    return error(where,
                                 "no loop around this 'break' is named '" + printable(name) + "'");
        }
        result.add(unit_.arena(), statement);
    }

    static std::string loop_name(const bound::Call& call) {
        const bound::Value* name = call.word == nullptr ? nullptr : call.value(Slot::name);
        return name == nullptr || name->texts.empty() ? std::string()
                                                      : std::string(name->texts[0].literal);
    }

    void branch(ast::Command& command, Control control, Chain& chain,
                Sequence<bound::Statement>& result) {
        require_allowed_ = false;
        ast::Call& head = command.head;
        if (control == Control::if_) {
            chain = {.open = true};
        } else if (!chain.open) {
            error(head.name.where, quoted(head.name) + " must stand behind 'if' or 'elsif'");
            chain = {.open = true};
        }
        if (!command.has_block && !head.broken) no_block_for(head);
        if (control == Control::else_) {
            no_tests(head);
            no_arguments(head);
        }
        // Behind a condition that always holds nothing else is looked at.
        if (chain.decided) {
            if (control == Control::elsif && head.tests.empty() && !head.broken)
                error(head.name.where, quoted(head.name) + " needs a test");
            if (control == Control::else_) chain.open = false;
            return;
        }

        bound::Branch bound{head.name.where, std::nullopt, {}};
        Truth truth = Truth::always;
        if (control == Control::else_) {
            chain.open = false;
        } else {
            truth = condition(head, bound);
        }
        if (truth == Truth::never) return;
        bound.block = block(command.block);
        if (truth == Truth::always) bound.condition.reset();
        chain.decided = truth == Truth::always;
        if (!std::exchange(chain.has_code, true)) result.add(unit_.arena());
        result.back().branches.add(unit_.arena(), bound);
    }

    Truth condition(ast::Call& head, bound::Branch& bound) {
        no_arguments(head);
        if (head.form == ast::TestForm::list && !head.tests.empty())
            error(head.tests[0].name.where,
                  quoted(head.name) + " takes one test, not a list in parentheses");
        if (head.tests.empty()) {
            if (!head.broken) error(head.name.where, quoted(head.name) + " needs a test");
            return Truth::unknown;
        }
        Truth truth = Truth::unknown;
        for (ast::Call& each : head.tests)
            truth = test(each, bound.condition.emplace());
        return truth;
    }

    // The call is empty before.
    Truth test(ast::Call& source, bound::Call& call) {
        const auto word = unit_.find_word(source.name.text, WordKind::test);
        if (!word) {
            unit_.report_unknown_word(source.name, WordKind::test);
            test_unused(source.tests);
            return Truth::unknown;
        }
        call.extension = word->extension;
        call.word = word->spec;
        call.where = source.name.where;
        switch (word->spec->control) {
            case Control::true_:
            case Control::false_:
                no_arguments(source);
                no_tests(source);
                return word->spec->control == Control::true_ ? Truth::always : Truth::never;
            case Control::not_:
                return negation(source, call);
            case Control::allof:
                return combination(source, Truth::never, call);
            case Control::anyof:
                return combination(source, Truth::always, call);
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
                break;
        }
        if (!no_tests(source) || source.broken) return Truth::unknown;
        bind_call(unit_, *word, source, call);
        if (word->spec->constant == nullptr) return Truth::unknown;
        return word->spec->constant(unit_, call) ? Truth::always : Truth::never;
    }

    // What is wrong in tests that have no place.
    void test_unused(Sequence<ast::Call>& tests) {
        for (ast::Call& each : tests) {
            bound::Call unused;
            test(each, unused);
        }
    }

    Truth negation(ast::Call& source, bound::Call& call) {
        no_arguments(source);
        if (source.form != ast::TestForm::single) {
            if (!source.broken) error(source.name.where, quoted(source.name) + " needs one test");
            test_unused(source.tests);
            return Truth::unknown;
        }
        return inverse(test(source.tests[0], call.tests.add(unit_.arena())));
    }

    // allof (decided by one that is never true) or anyof (by one that always is). Tests whose worth
    // is known vanish; what stands behind a decisive one is not looked at, as behind a branch: it
    // may be of an extension that ihave has not found (RFC 5463 §4).
    Truth combination(ast::Call& source, Truth decisive, bound::Call& call) {
        no_arguments(source);
        Truth result = inverse(decisive);
        if (source.form != ast::TestForm::list && !source.broken)
            error(source.name.where, quoted(source.name) + " needs a list of tests in parentheses");
        for (ast::Call& each : source.tests) {
            const Truth truth = test(each, call.tests.add(unit_.arena()));
            if (truth != Truth::unknown) call.tests.drop_last();
            if (truth == decisive) return decisive;
            if (truth == Truth::unknown) result = Truth::unknown;
        }
        return result;
    }

    // False where what else might be wrong with the call comes of the test behind it.
    bool no_tests(const ast::Call& call) {
        if (call.tests.empty()) return true;
        if (std::exchange(told_, nullptr) == &call) return true;
        const Mistake mistake = stray_word(unit_, call);
        error(mistake.where, mistake.text);
        return !mistake.completes_call;
    }
    void no_arguments(const ast::Call& call) {
        if (call.arguments.empty()) return;
        error(call.name.where, quoted(call.name) + " takes no arguments");
    }
    void no_block_for(const ast::Call& head) {
        const ast::Call* last = &head;
        while (last->form == ast::TestForm::single && !last->tests.empty() &&
               !is_word(last->tests[0].name.text, WordKind::command))
            last = &last->tests[0];
        if (last->form != ast::TestForm::single || last == &head)
            return error(head.name.where, quoted(head.name) + " needs a block");
        told_ = last;
        const std::uint32_t end = end_of(*last);
        error({end, end}, "missing '{' before " + quoted(last->tests[0].name));
    }
    void no_block(const ast::Command& command) {
        if (!command.has_block) return;
        error(command.head.name.where, quoted(command.head.name) + " takes no block");
    }

    Unit& unit_;
    Chain chain_;  // outside of all blocks
    bool require_allowed_ = true;
    unsigned depth_ = 0;               // of blocks
    const ast::Call* told_ = nullptr;  // that a command stands behind it where a block should
};

}  // namespace

struct Check::State {
    Unit unit;
    Checker checker{unit};
};

Check::Check(const AllowedExtensions& extensions, Diagnostics& diagnostics, Arena& arena)
    : state_(new State{{extensions, diagnostics, arena}}) {}

Check::~Check() = default;

void Check::add(ast::Command& command, Sequence<bound::Statement>& statements) {
    state_->checker.outermost(command, statements);
}

const std::vector<std::string_view>& Check::extensions() const {
    return state_->unit.active_names();
}

const std::vector<std::string>& Check::variables() const {
    return state_->unit.variables();
}

const std::vector<bound::Include>& Check::includes() const {
    return state_->unit.includes();
}

}  // namespace sieve
