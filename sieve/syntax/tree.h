// SPDX-License-Identifier: MIT
// What the parser makes of a script: its shape only (RFC 5228 §8.2), no meaning. Extensions add
// words, never grammar, so this is all there is (RFC 5228 §1.1). Plain data in an arena, with texts
// that are the source's own where they can be; every piece knows where it stood. Depth is bounded
// by limits::max_block_nesting and max_test_nesting, so recursion over it is safe.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/sequence.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace sieve::ast {

// An identifier as written; words compare without ASCII case (RFC 5228 §2.1).
struct Name {
    Range where;
    std::string_view text;
};

// Quotes, backslashes and dot-stuffing are undone; ${...} stands as written.
struct String {
    Range where;
    std::string_view text;
};

// One string alone is a list of one, unless `bracketed` says otherwise.
struct StringList {
    Range where;
    Sequence<String> items;
    bool bracketed = false;
};

// Nothing where the number is larger than 64 bits hold; the parser has reported it.
struct Number {
    Range where;
    std::optional<std::uint64_t> value;
};

struct Tag {
    Range where;
    std::string_view text;  // without its colon
};

using Argument = std::variant<StringList, Number, Tag>;

enum class TestForm { none, single, list };

// A word with what stands behind it: a test, or a command up to its semicolon or block.
struct Call {
    Name name;
    Sequence<Argument> arguments;
    Sequence<Call> tests;
    TestForm form = TestForm::none;
    bool broken = false;  // a syntax error inside was reported; what stands here is incomplete
};

struct Command {
    Call head;
    bool has_block = false;
    Sequence<Command> block;
};

// Of a source that outlives it.
struct Script {
    std::unique_ptr<Arena> arena;  // what it lies in
    Sequence<Command> commands;
};

}  // namespace sieve::ast
