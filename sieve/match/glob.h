// SPDX-License-Identifier: MIT
// ":matches" (RFC 5228 §2.7.1): `*` is any number of octets, `?` exactly one (the comparators of
// sieve/match/comparator.h define a character as an octet), a backslash takes the next octet
// literally. Wildcards match as little as possible (RFC 5229 §3.2).
//
// There is no backtracking: the pattern falls into segments between stars, and the leftmost place
// of each segment is always right. A segment without `?` and backslash is searched as a key is;
// others by a bit per element, one pass over the subject. Only the elements past the 64th of one
// segment with wildcards are compared again at each place where the first 64 fit; that work is
// counted and stops at the limit.
#pragma once

#include "sieve/match/work.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace sieve::match {

// Values kept: ${0} to ${31}. Wildcards beyond are matched but not kept.
inline constexpr std::size_t max_captures = 32;

// Where the wildcards of a successful match stand in the subject.
struct Spans {
    struct Span {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    std::array<Span, max_captures> of;
    std::size_t count = 0;

    // Ignored once max_captures is reached.
    void add(std::size_t begin, std::size_t end) {
        if (count < max_captures) of[count++] = {begin, end};
    }
};

// Whether the whole of `subject` fits `pattern`, octet by octet (both folded before for a
// case-blind match). `spans` is filled on success only: the whole, then each wildcard in order. A
// backslash at the very end stands for itself.
bool glob(std::string_view pattern, std::string_view subject, Work& work, Spans* spans = nullptr);

// The same where `?` is one character of several octets (RFC 5228 §2.7.1 for i;unicode-casemap):
// `starts` has an octet per octet of the subject, 1 where a character begins, else 0. Octets that
// are written out may begin and end anywhere.
bool character_glob(std::string_view pattern, std::string_view subject, std::string_view starts,
                    Work& work, Spans* spans = nullptr);

}  // namespace sieve::match
