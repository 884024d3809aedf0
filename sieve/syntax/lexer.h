// SPDX-License-Identifier: MIT
// The tokens of RFC 5228 §8.1 that are more than a literal, and the way back into step after a
// syntax error. Used by the grammar (parse.cpp) alone. Each function looks at `text` from `at` on,
// reports into the diagnostics what is wrong inside the token, and returns the offset behind it.
// Offsets never go back, so all of it together is linear.
#pragma once

#include "sieve/diagnostics.h"
#include "sieve/syntax/tree.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sieve {

class Lexer {
  public:
    // Strings that do not stand in the text as they are go to the arena.
    Lexer(std::string_view text, Diagnostics& diagnostics, Arena& arena)
        : text_(text), diagnostics_(diagnostics), arena_(arena) {}

    // The offset of the next token: behind white space and comments.
    std::size_t skip(std::size_t at) const {
        if (at < text_.size() && text_[at] == ' ') ++at;  // often all there is
        const bool here =
            at < text_.size() && text_[at] > ' ' && text_[at] != '#' && text_[at] != '/';
        return here ? at : skip_gap(at);
    }
    bool begins_word(std::size_t at) const { return at < text_.size() && is_word_start(text_[at]); }
    bool begins_string(std::size_t at) const {
        if (at >= text_.size()) return false;
        return text_[at] == '"' || ((text_[at] | 0x20) == 't' && multi_line_body(at));
    }
    bool begins_number(std::size_t at) const;
    bool begins_tag(std::size_t at) const;
    // Each: where such a token begins.
    std::size_t identifier(std::size_t at, ast::Name& name) const;
    std::size_t string(std::size_t at, ast::String& string) const;
    std::size_t number(std::size_t at, ast::Number& number) const;
    std::size_t tag(std::size_t at, ast::Tag& tag) const;

    // Where to go on after an error at `at`: the first of `stops` that is in no string, comment or
    // deeper bracket; a closer that opened nowhere here is a stop too, as is the end.
    std::size_t resume(std::size_t at, std::string_view stops) const;

    // How to name what stands there: "'}'", "a string", "the end of the script".
    std::string describe(std::size_t at) const;
    // The range of that token.
    Range range(std::size_t at) const;

    // A string went on to the end of the text.
    bool unclosed() const { return unclosed_; }

    std::string_view text() const { return text_; }
    Diagnostics& diagnostics() const { return diagnostics_; }
    Arena& arena() const { return arena_; }

  private:
    static bool is_word_start(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
    std::size_t skip_gap(std::size_t at) const;
    std::size_t quoted(std::size_t at, std::string& out, Diagnostics* report) const;
    std::size_t multi_line(std::size_t at, std::size_t body, std::string& out,
                           Diagnostics* report) const;
    std::optional<std::size_t> multi_line_body(std::size_t at) const;
    std::size_t any_string(std::size_t at, std::string& out, Diagnostics* report) const;

    std::string_view text_;
    Diagnostics& diagnostics_;
    Arena& arena_;
    mutable bool unclosed_ = false;
};

}  // namespace sieve
