// SPDX-License-Identifier: MIT
// The match types over the comparators: :is, :contains, :matches (RFC 5228 §2.7.1), :value and
// :count (RFC 5231), :regex. Pure functions of a subject and a key; they allocate only to keep the
// match values of a successful :matches (and once to fold a long subject).
#pragma once

#include "sieve/match/comparator.h"
#include "sieve/match/search.h"
#include "sieve/match/work.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sieve::match {

enum class MatchType { is, contains, matches, value, count, regex, list };
enum class Relation { gt, ge, lt, le, eq, ne };

// How a test compares: its tags, checked at compile time (see supports()).
struct How {
    MatchType type = MatchType::is;
    Comparator comparator = Comparator::ascii_casemap;
    Relation relation = Relation::eq;  // for value and count
};

// The relation of that name (ASCII case ignored), or nothing.
std::optional<Relation> relation_named(std::string_view name);
std::string_view name_of(Relation relation);
std::string_view name_of(MatchType type);

// Whether the comparator has the operation that the match type needs: no substring match for
// i;ascii-numeric (RFC 4790 §9.1.1), and regular expressions over octets and ASCII only.
constexpr bool supports(Comparator comparator, MatchType type) {
    if (comparator == Comparator::unicode_casemap) return type != MatchType::regex;
    return comparator != Comparator::ascii_numeric ||
           (type != MatchType::contains && type != MatchType::matches && type != MatchType::regex);
}

constexpr KeyUse use_of(MatchType type) {
    return type == MatchType::matches ? KeyUse::pattern : KeyUse::value;
}

// The match values of the last successful :matches (RFC 5229 §3.2), at most max_captures: [0] is
// the matched value, [1] what the first wildcard took.
using MatchValues = std::vector<std::string>;

// Whether one value matches one key; the key was prepared for how.comparator and, for :matches, as
// a pattern. On a successful :matches or :regex, `values` (where given) is replaced; else it stays.
// :count and :list, which is the host's, are not answered here (false).
bool match(const How& how, Subject& subject, const Key& key, Work& work,
           MatchValues* values = nullptr);

// Whether the value matches any key, the first one first.
bool match_any(const How& how, Subject& subject, std::span<const Key> keys, Work& work,
               MatchValues* values = nullptr);

// :count: whether the number of values stands in how.relation to any key (RFC 5231 §4.2).
bool match_count(const How& how, std::uint64_t number, std::span<const Key> keys, Work& work);

}  // namespace sieve::match
