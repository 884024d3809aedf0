// SPDX-License-Identifier: MIT
// What the parser makes of a script: its shape only (RFC 5228 §8.2), no meaning. Extensions add
// words, never grammar, so this is all there is (RFC 5228 §1.1). Plain data; every piece knows
// where it stood. Depth is bounded by limits::max_block_nesting and max_test_nesting, so recursion
// over it is safe.
#pragma once

#include "sieve/diagnostic.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sieve::ast {

// An identifier as written; words compare without ASCII case (RFC 5228 §2.1).
struct Name {
    Range where;
    std::string text;
};

// Quotes, backslashes and dot-stuffing are undone; ${...} stands as written.
struct String {
    Range where;
    std::string text;
};

// One string alone is a list of one, unless `bracketed` says otherwise.
struct StringList {
    Range where;
    std::vector<String> items;
    bool bracketed = false;
};

// Nothing where the number is larger than 64 bits hold; the parser has reported it.
struct Number {
    Range where;
    std::optional<std::uint64_t> value;
};

struct Tag {
    Range where;
    std::string text;  // without its colon
};

using Argument = std::variant<StringList, Number, Tag>;

enum class TestForm { none, single, list };

// A word with what stands behind it: a test, or a command up to its semicolon or block.
struct Call {
    Name name;
    std::vector<Argument> arguments;
    std::vector<Call> tests;
    TestForm form = TestForm::none;
    bool broken = false;  // a syntax error inside was reported; what stands here is incomplete
};

struct Command {
    Call head;
    bool has_block = false;
    std::vector<Command> block;
};

struct Script {
    std::vector<Command> commands;
};

}  // namespace sieve::ast
