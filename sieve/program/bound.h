// SPDX-License-Identifier: MIT
// A checked script: words are rows, arguments are in their slots, strings are cut into literals and
// variables, blocks that can never run are gone. What the generator turns into code. Depth is
// bounded as the tree's is.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/extension/spec.h"
#include "sieve/program/format.h"
#include "sieve/script_name.h"
#include "sieve/sequence.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sieve::bound {

struct Part {
    format::PartKind kind = format::PartKind::literal;
    std::uint32_t index = 0;   // variable slot or number of the match value
    std::string_view literal;  // also the name of an environment item
};

struct Text {
    Range where;
    std::string_view literal;  // the whole, where it is constant
    Sequence<Part> parts;      // else

    bool constant() const { return parts.empty(); }
};

struct Value {
    Slot slot = Slot::first;
    ValueKind kind = ValueKind::constant;
    Range where;
    std::uint32_t constant = format::absent;
    std::uint64_t number = 0;
    Sequence<Text> texts;  // one for a string
};

struct Call {
    const Extension* extension = nullptr;
    const WordSpec* word = nullptr;
    Range where;
    Sequence<Value> values;  // in the order of slots
    Sequence<Call> tests;    // of allof, anyof, not

    const Value* value(Slot slot) const;
};

struct Statement;

struct Branch {
    Range where;
    std::optional<Call> condition;  // nothing: it holds always
    Sequence<Statement> block;
};

// A call, a chain of branches where there are any, a loop, or a test block.
struct Statement {
    Call call;
    Sequence<Branch> branches;
    std::optional<Sequence<Statement>> loop;     // its block; `call` is its head
    std::optional<Sequence<Statement>> guarded;  // likewise, of a test block
    std::uint32_t loops_left = 0;                // of a break
};

struct Include {
    IncludeCommand command;  // without its line
    Range where;
};

}  // namespace sieve::bound
