// SPDX-License-Identifier: MIT
// Where the grammar (parse.cpp, alone) puts what it reads: tokens and nested parts go straight to
// their places in the tree.
#pragma once

#include "sieve/syntax/lexer.h"
#include "sieve/syntax/tree.h"

#include <cstddef>
#include <string_view>
#include <variant>

namespace sieve::parsing {

using Iterator = const char*;

// What the rules share during one parse. They have no attributes.
struct State {
    Lexer lexer;
    Sequence<ast::Command>* block = nullptr;  // of its commands the last one is read,
    ast::Call* call = nullptr;                // and of that its head or this test
    unsigned test_depth = 0;
    unsigned block_depth = 0;
    bool failed = false;        // an error was reported and not yet marked in the tree
    std::size_t token_end = 0;  // of the last string, word, tag or number
    std::size_t resumed_at =
        std::string_view::npos;  // what fails right there fails for the same error

    Diagnostics& diagnostics() const { return lexer.diagnostics(); }
    std::size_t offset(Iterator it) const {
        return static_cast<std::size_t>(it - lexer.text().data());
    }
    Iterator iterator(std::size_t offset) const { return lexer.text().data() + offset; }
};

// The places; what was read before goes on afterwards.
class CommandPlace {
  public:
    static bool begins(const Lexer& lexer, std::size_t at) { return lexer.begins_word(at); }
    explicit CommandPlace(State& state) : state_(state), outer_(state.call) {
        state.call = &state.block->add(state.lexer.arena()).head;
    }
    ~CommandPlace() { state_.call = outer_; }

  private:
    State& state_;
    ast::Call* outer_;
};
class TestPlace {
  public:
    static bool begins(const Lexer& lexer, std::size_t at) { return lexer.begins_word(at); }
    explicit TestPlace(State& state) : state_(state), outer_(state.call) {
        state.call = &outer_->tests.add(state.lexer.arena());
    }
    ~TestPlace() { state_.call = outer_; }

  private:
    State& state_;
    ast::Call* outer_;
};
class BlockPlace {
  public:
    static bool begins(const Lexer&, std::size_t) { return true; }
    explicit BlockPlace(State& state) : state_(state), outer_(state.block) {
        state.block = &outer_->back().block;
    }
    ~BlockPlace() { state_.block = outer_; }

  private:
    State& state_;
    Sequence<ast::Command>* outer_;
};

// The tokens: whether one begins somewhere, and how it is read. Each gives the offset behind.
struct WordToken {
    static bool begins(const Lexer& lexer, std::size_t at) { return lexer.begins_word(at); }
    static std::size_t read(State& state, std::size_t at) {
        return state.lexer.identifier(at, state.call->name);
    }
};

// An empty list, at first.
inline ast::Argument& add_argument(State& state) {
    constexpr std::size_t usual = 4;
    state.call->arguments.reserve(state.lexer.arena(), usual);
    return state.call->arguments.add(state.lexer.arena());
}

// A string of the list that is read.
struct ItemToken {
    static bool begins(const Lexer& lexer, std::size_t at) { return lexer.begins_string(at); }
    static std::size_t read(State& state, std::size_t at) {
        auto& list = std::get<ast::StringList>(state.call->arguments.back());
        ast::String& string = list.items.add(state.lexer.arena());
        const std::size_t end = state.lexer.string(at, string);
        if (list.items.size() == 1) list.where.begin = string.where.begin;
        list.where.end = string.where.end;
        return end;
    }
};

// An argument of one token.
struct ArgumentToken {
    static bool begins(const Lexer& lexer, std::size_t at) {
        return lexer.begins_string(at) || lexer.begins_tag(at) || lexer.begins_number(at);
    }
    static std::size_t read(State& state, std::size_t at) {
        ast::Argument& argument = add_argument(state);
        if (state.lexer.begins_tag(at)) return state.lexer.tag(at, argument.emplace<ast::Tag>());
        if (state.lexer.begins_number(at))
            return state.lexer.number(at, argument.emplace<ast::Number>());
        return ItemToken::read(state, at);
    }
};

}  // namespace sieve::parsing
