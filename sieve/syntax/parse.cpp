// SPDX-License-Identifier: MIT
// The grammar. The only entry point is Parser; Spirit stays in this file. Tokens are the lexer's;
// the rules say how they go together, and what to say and where to go on when they don't.
#include "sieve/syntax/parse.h"

#include "sieve/limits.h"
#include "sieve/syntax/lexer.h"
#include "sieve/syntax/parse_state.h"
#include "sieve/text.h"

#include <boost/spirit/home/x3.hpp>

#include <functional>
#include <utility>

// Messages name what is expected; a parser with an action is called as it is without.
namespace boost::spirit::x3 {
template <typename Subject, typename Action>
struct get_info<action<Subject, Action>> {
    using result_type = std::string;
    std::string operator()(action<Subject, Action> const& parser) const {
        return what(parser.subject);
    }
};
}  // namespace boost::spirit::x3

namespace sieve {

namespace {

namespace x3 = boost::spirit::x3;
using parsing::ArgumentToken;
using parsing::BlockPlace;
using parsing::CommandPlace;
using parsing::ItemToken;
using parsing::Iterator;
using parsing::State;
using parsing::TestPlace;
using parsing::WordToken;

struct StateTag;

// White space and comments (RFC 5228 §8.1). A comment that is not closed is none: the rule that
// finds it says so.
struct Skipper : x3::parser<Skipper> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    explicit Skipper(const Lexer& the_lexer) : lexer(&the_lexer) {}
    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator, Context const&, RContext const&, Attribute&) const {
        const Iterator begin = lexer->text().data();
        const Iterator behind = begin + lexer->skip(static_cast<std::size_t>(first - begin));
        return std::exchange(first, behind) != behind;
    }
    const Lexer* lexer;
};

// A token that goes to its place in the tree.
template <typename Kind>
struct Token : x3::parser<Token<Kind>> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator last, Context const& context, RContext const&,
               Attribute&) const {
        x3::skip_over(first, last, context);
        State& state = x3::get<StateTag>(context);
        const std::size_t at = state.offset(first);
        if (!Kind::begins(state.lexer, at)) return false;
        state.token_end = Kind::read(state, at);
        first = state.iterator(state.token_end);
        return true;
    }
};

// Makes a place in the tree for what begins with a word.
template <typename Subject, typename Place>
struct Into : x3::unary_parser<Subject, Into<Subject, Place>> {
    using base_type = x3::unary_parser<Subject, Into>;
    static constexpr bool is_pass_through_unary = true;
    constexpr explicit Into(Subject const& parsed) : base_type(parsed) {}

    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator last, Context const& context, RContext const& rcontext,
               Attribute& attribute) const {
        x3::skip_over(first, last, context);
        State& state = x3::get<StateTag>(context);
        if (!Place::begins(state.lexer, state.offset(first))) return false;
        const Place place(state);
        return this->subject.parse(first, last, context, rcontext, attribute);
    }
};
template <typename Place>
struct IntoDirective {
    template <typename Subject>
    constexpr auto operator[](Subject const& subject) const {
        using Parser = typename x3::extension::as_parser<Subject>::value_type;
        return Into<Parser, Place>(x3::as_parser(subject));
    }
};

constexpr IntoDirective<CommandPlace> as_command{};
constexpr IntoDirective<TestPlace> as_test{};
constexpr IntoDirective<BlockPlace> as_block{};

constexpr std::string_view nesting = "nesting";

// Counts nesting in the state; what is too deep fails as an expectation that nobody can meet.
template <typename Subject, unsigned State::*depth, unsigned limit>
struct Nested : x3::unary_parser<Subject, Nested<Subject, depth, limit>> {
    using base_type = x3::unary_parser<Subject, Nested>;
    static constexpr bool is_pass_through_unary = true;
    static constexpr bool handles_container = Subject::handles_container;
    constexpr explicit Nested(Subject const& nested) : base_type(nested) {}

    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator last, Context const& context, RContext const& rcontext,
               Attribute& attribute) const {
        State& state = x3::get<StateTag>(context);
        struct Level {
            unsigned& count;
            explicit Level(unsigned& c) : count(c) { ++count; }
            ~Level() { --count; }
        } level(state.*depth);
        // Only a word goes deeper.
        x3::skip_over(first, last, context);
        if (level.count > limit && state.lexer.begins_word(state.offset(first)))
            boost::throw_exception(x3::expectation_failure<Iterator>(first, std::string(nesting)));
        return this->subject.parse(first, last, context, rcontext, attribute);
    }
};
template <unsigned State::*depth, unsigned limit>
struct NestedDirective {
    template <typename Subject>
    constexpr auto operator[](Subject const& subject) const {
        using Parser = typename x3::extension::as_parser<Subject>::value_type;
        return Nested<Parser, depth, limit>(x3::as_parser(subject));
    }
};
constexpr NestedDirective<&State::test_depth, limits::max_test_nesting> nested_test{};
constexpr NestedDirective<&State::block_depth, limits::max_block_nesting> nested_block{};

// Reports a failed expectation; once for each piece of text that is skipped.
void report(State& state, std::size_t at, std::string_view expected) {
    state.failed = true;
    // A string that is not closed has taken all the rest.
    if (at == state.resumed_at || (at == state.lexer.text().size() && state.lexer.unclosed()))
        return;
    std::string text = "nesting is too deep";
    if (expected != nesting)
        text = "expected " + std::string(expected) + ", but found " + state.lexer.describe(at);
    state.diagnostics().error(state.lexer.range(at), std::move(text));
}
// Told where it should stand: at the end of the command, not before what comes lines later.
void missing_semicolon(State& state, std::size_t at) {
    state.failed = true;
    if (at == state.lexer.text().size() && state.lexer.unclosed()) return;
    const auto end = static_cast<std::uint32_t>(state.token_end);
    state.diagnostics().error({end, end}, "missing ';' at the end of the command");
}
Iterator go_on(State& state, std::size_t at) {
    state.resumed_at = at;
    return state.iterator(at);
}
std::size_t report(State& state, x3::expectation_failure<Iterator> const& failure) {
    const std::size_t at = state.lexer.skip(state.offset(failure.where()));
    report(state, at, failure.which());
    return at;
}

// The end of the script inside a block: told where the innermost one began.
void unclosed_block(State& state, std::size_t command) {
    const std::size_t end = state.lexer.text().size();
    state.failed = true;
    if (end == state.resumed_at || state.lexer.unclosed()) return;
    state.diagnostics().error(
        state.lexer.range(command),
        "the block of " + state.lexer.describe(command) + " is not closed: missing '}'");
}

// The handlers: what there is stands in the tree; who reads on marks it as broken.
struct StringListId {
    template <typename Context>
    x3::error_handler_result on_error(Iterator& first, Iterator const& last,
                                      x3::expectation_failure<Iterator> const& failure,
                                      Context const& context) {
        State& state = x3::get<StateTag>(context);
        std::size_t at = state.lexer.resume(report(state, failure), "]),;{}");
        if (state.iterator(at) != last && *state.iterator(at) == ']') ++at;
        first = go_on(state, at);
        return x3::error_handler_result::accept;
    }
};
struct CallId {
    template <typename Context>
    x3::error_handler_result on_error(Iterator& first, Iterator const&,
                                      x3::expectation_failure<Iterator> const& failure,
                                      Context const& context) {
        State& state = x3::get<StateTag>(context);
        first = go_on(state, state.lexer.resume(report(state, failure), "),;{}"));
        return x3::error_handler_result::accept;
    }
};
struct CommandId {
    // Here only a block can be wrong: past it, its closer included.
    template <typename Context>
    x3::error_handler_result on_error(Iterator& first, Iterator const&,
                                      x3::expectation_failure<Iterator> const& failure,
                                      Context const& context) {
        State& state = x3::get<StateTag>(context);
        const std::string_view text = state.lexer.text();
        std::size_t at = state.lexer.skip(state.offset(failure.where()));
        if (at == text.size())
            unclosed_block(state, state.lexer.skip(state.offset(first)));
        else
            report(state, at, failure.which());
        for (int open = 1; open != 0 && (at = state.lexer.resume(at, "{}")) < text.size(); ++at)
            open += text[at] == '{' ? 1 : -1;
        first = go_on(state, at);
        return x3::error_handler_result::accept;
    }
};

void junk(State& state, std::size_t at) {
    const std::string_view rest = state.lexer.text().substr(at);
    std::string hint;
    if (rest.starts_with("//")) hint = ": comments begin with '#', or stand between '/*' and '*/'";
    if (rest.starts_with(';')) hint = ": no ';' stands behind a block";
    if (rest.starts_with('}')) hint = ": no block is open";
    if (hint.empty()) return report(state, at, "a command");
    if (at != state.resumed_at)
        state.diagnostics().error(state.lexer.range(at),
                                  "unexpected '" + std::string(1, rest[0]) + "'" + hint);
}

// Text that begins no command: one error, then on behind the next semicolon or block opener.
struct Junk : x3::parser<Junk> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator last, Context const& context, RContext const&,
               Attribute&) const {
        x3::skip_over(first, last, context);
        State& state = x3::get<StateTag>(context);
        // Inside a block its closer is no junk.
        if (first == last || (*first == '}' && state.block_depth != 0)) return false;
        std::size_t at = state.offset(first);
        junk(state, at);
        state.failed = false;
        at = state.lexer.resume(at, ";{}");
        const std::string_view text = state.lexer.text();
        if (at < text.size() && (text[at] != '}' || state.block_depth == 0)) ++at;
        first = go_on(state, at);
        return true;
    }
};

// A command without its end: reported and taken as ended.
struct MissingEnd : x3::parser<MissingEnd> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    template <typename Context, typename RContext, typename Attribute>
    bool parse(Iterator& first, Iterator last, Context const& context, RContext const&,
               Attribute&) const {
        x3::skip_over(first, last, context);
        State& state = x3::get<StateTag>(context);
        std::size_t at = state.offset(first);
        const std::string_view text = state.lexer.text();
        if (at != state.resumed_at && (at == text.size() || text[at] == '}')) {
            missing_semicolon(state, at);
        } else {
            report(state, at, "';' or a block");
        }
        at = state.lexer.resume(at, ";{}");
        if (at < state.lexer.text().size() && state.lexer.text()[at] == ';') ++at;
        first = go_on(state, at);
        return true;
    }
};

constexpr Token<WordToken> word;
constexpr Token<ItemToken> item;
constexpr Token<ArgumentToken> simple_argument;

State& state_of(auto& context) {
    return x3::get<StateTag>(context);
}
const auto opens_list = [](auto& context) {
    ast::Argument& argument = parsing::add_argument(state_of(context));
    std::get<ast::StringList>(argument).bracketed = true;
};
template <ast::TestForm form>
const auto as_form = [](auto& context) { state_of(context).call->form = form; };
const auto ends_test = [](auto& context) {
    State& state = state_of(context);
    state.call->tests.back().broken = std::exchange(state.failed, false);
};
const auto ends_head = [](auto& context) {
    State& state = state_of(context);
    state.call->broken = std::exchange(state.failed, false);
};
const auto ends_badly = [](auto& context) {
    State& state = state_of(context);
    state.call->broken = true;
    state.failed = false;
};
const auto has_block = [](auto& context) { state_of(context).block->back().has_block = true; };

const x3::rule<StringListId> string_list = "a string list";
const x3::rule<CallId> call = "a test";
const x3::rule<CommandId> command = "a command";
const x3::rule<struct StatementsId> statements = "commands";

// After `>` stands what the message calls missing.
const auto string_item = x3::rule<struct StringItemId>{"a string"} = item;
const auto list_end = x3::rule<struct ListEndId>{"',' or ']'"} = x3::lit(']');
const auto tests_end = x3::rule<struct TestsEndId>{"',' or ')'"} = x3::lit(')');
const auto block_end = x3::rule<struct BlockEndId>{"a command or '}'"} = x3::lit('}');

const auto inner_test = x3::rule<struct InnerTestId>{"a test"} =
    nested_test[as_test[call]][ends_test];
const auto block = x3::rule<struct BlockId>{"a block"} = nested_block[as_block[statements]];

// clang-format off
const auto string_list_def =
    x3::lit('[')[opens_list] > string_item > *(',' > string_item) > list_end;

const auto call_def =
       word
    >> *(simple_argument | string_list)
    >> -(  (x3::lit('(')[as_form<ast::TestForm::list>]
              > inner_test > *(',' > inner_test) > tests_end)
         | (inner_test >> x3::eps[as_form<ast::TestForm::single>]));

const auto command_def =
       call[ends_head]
    >> (  x3::lit(';')
        | (x3::lit('{')[has_block] > block > block_end)
        | (MissingEnd{}[ends_badly] >> -(x3::lit('{')[has_block] > block > block_end)));

// Those of a block; those outside of all are read one by one.
const auto statements_def = *(as_command[command] | Junk{});
// clang-format on

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
BOOST_SPIRIT_DEFINE(string_list, call, command, statements)
#pragma GCC diagnostic pop

}  // namespace

struct Parser::State {
    parsing::State shared;
    Iterator first;
    Iterator last;
    Sequence<ast::Command> commands;

    template <typename Rule>
    bool read(const Rule& rule) {
        return x3::phrase_parse(first, last, x3::with<StateTag>(std::ref(shared))[rule],
                                Skipper(shared.lexer));
    }
};

Parser::Parser(std::string_view source, Diagnostics& diagnostics, Arena& arena)
    : state_(new State{
          {Lexer(source, diagnostics, arena)}, source.data(), source.data() + source.size(), {}}) {
    state_->shared.block = &state_->commands;
    if (const std::size_t nul = source.find('\0'); nul != std::string_view::npos) {
        const auto at = static_cast<std::uint32_t>(nul);
        diagnostics.error({at, at + 1}, "a NUL character cannot stand in a script");
        state_->first = state_->last;
    }
}

Parser::~Parser() = default;

ast::Command* Parser::next() {
    state_->commands = {};
    do {
        if (state_->read(as_command[command])) return &state_->commands.front();
    } while (state_->read(Junk{}));
    return nullptr;
}

bool Parser::goes_on() const {
    const Lexer& lexer = state_->shared.lexer;
    const auto [begin, end] = lexer.range(lexer.skip(state_->shared.offset(state_->first)));
    const std::string_view next = lexer.text().substr(begin, end - begin);
    return iequals(next, "elsif") || iequals(next, "else");
}

ast::Script parse(std::string_view source, Diagnostics& diagnostics) {
    ast::Script script{std::make_unique<Arena>(), {}};
    Parser parser(source, diagnostics, *script.arena);
    while (const ast::Command* const command = parser.next())
        script.commands.add(*script.arena, *command);
    return script;
}

}  // namespace sieve
