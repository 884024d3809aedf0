// SPDX-License-Identifier: MIT
// What the writer of a script probably meant: hints for errors that are often made. Words only; who
// calls decides what is an error.
#pragma once

#include "sieve/extension/spec.h"
#include "sieve/syntax/tree.h"

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

class Unit;

// Each begins with "; ", or is empty.
std::string hint_for_word(std::string_view name, WordKind kind);
std::string hint_for_tag(std::string_view name, const WordSpec& word);
std::string hint_for_extension(std::string_view name);
std::string hint_for_comparator(std::string_view name);

// Whether any extension has such a word, active or not.
bool is_word(std::string_view name, WordKind kind);

struct Mistake {
    Range where;
    std::string text;
    bool completes_call = false;  // a missing argument is told with it
};
// A test or bare word behind a call that takes none.
Mistake stray_word(Unit& unit, const ast::Call& call);

// Behind the last thing of a call that is no test.
std::uint32_t end_of(const ast::Call& call);

}  // namespace sieve
