// SPDX-License-Identifier: MIT
// Keys and subjects prepared once and matched many times: a script's keys are folded when its
// constants are, a header's value when the first case-blind test looks at it. The search itself is
// linear in subject plus key whatever they hold. Owned by one run; nothing here is shared.
#pragma once

#include "sieve/match/comparator.h"
#include "sieve/match/work.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sieve::match {

class Regex;

// What a key is for: patterns of :matches keep their wildcards apart from what a comparator makes.
enum class KeyUse { value, pattern };

// What a script looks for, prepared for one comparator.
class Key {
  public:
    Key(std::string_view text, Comparator comparator, KeyUse use = KeyUse::value);

    // As the comparator sees it, see Subject::seen_by.
    std::string_view text() const { return text_; }
    Comparator comparator() const { return comparator_; }
    // Where its least common octet stands: where a search begins.
    std::size_t rare() const { return rare_; }
    // The longest run of literal octets in the key as a pattern of :matches: every value that fits
    // has it. Empty where the key has wildcards only.
    std::string_view required() const {
        return std::string_view(text_).substr(required_begin_, required_size_);
    }
    std::size_t required_rare() const { return required_rare_; }
    // For :regex: the key as a compiled pattern, which must outlive it.
    const Regex* regex() const { return regex_; }
    void use(const Regex* regex) { regex_ = regex; }

  private:
    const Regex* regex_ = nullptr;
    std::string text_;
    Comparator comparator_;
    std::size_t rare_;
    std::size_t required_begin_ = 0;
    std::size_t required_size_ = 0;
    std::size_t required_rare_;
};

// A value that a script looks at. The text must outlive it (or the next reset).
class Subject {
  public:
    explicit Subject(std::string_view text) : text_(text) {}
    // Takes another value and keeps the memory.
    void reset(std::string_view text);

    std::string_view text() const { return text_; }
    // The value as the comparator sees it: folded (once) for i;ascii-casemap, prepared (once) for
    // i;unicode-casemap, else as it is. Octets of two such texts compare as the comparator says,
    // but for i;ascii-numeric.
    std::string_view seen_by(Comparator comparator, Work& work);
    // Where the value's characters begin in what i;unicode-casemap sees (see unicode_starts).
    std::string_view unicode_starts(Work& work);

  private:
    std::string_view text_;
    std::string folded_;
    std::string prepared_;
    std::string starts_;
    bool is_folded_ = false;
    bool is_prepared_ = false;
    bool has_starts_ = false;
};

// The offset of the octet of `needle` that is the least likely one in mail.
std::size_t rarest_octet(std::string_view needle);

// The first place of `needle` in `haystack`, octet by octet, or npos. `rare` is
// rarest_octet(needle).
std::size_t find(std::string_view haystack, std::string_view needle, std::size_t rare, Work& work);

}  // namespace sieve::match
