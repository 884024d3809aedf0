// SPDX-License-Identifier: MIT
// What the constants of Slot::match and Slot::comparator mean: a match type, or one with its
// relation (RFC 5228 §2.7, RFC 5231). They stand in binaries.
#pragma once

#include "sieve/match/match.h"

#include <cstdint>

namespace sieve {

namespace match_slot {
inline constexpr std::uint32_t first_value = 3;  // after is, contains, matches
inline constexpr std::uint32_t relations = 6;
inline constexpr std::uint32_t first_count = first_value + relations;
inline constexpr std::uint32_t regex = first_count + relations;
inline constexpr std::uint32_t list = regex + 1;
}  // namespace match_slot
inline constexpr std::uint32_t match_constants = match_slot::list + 1;

constexpr std::uint32_t match_constant(match::MatchType type) {
    if (type == match::MatchType::list) return match_slot::list;
    return type == match::MatchType::regex ? match_slot::regex : static_cast<std::uint32_t>(type);
}
constexpr std::uint32_t match_constant(match::MatchType type, match::Relation relation) {
    return (type == match::MatchType::count ? match_slot::first_count : match_slot::first_value) +
           static_cast<std::uint32_t>(relation);
}

// The other way: `match` lies below match_constants.
constexpr match::How how_of(std::uint32_t match, match::Comparator comparator) {
    match::How how{.comparator = comparator};
    if (match == match_slot::regex) {
        how.type = match::MatchType::regex;
    } else if (match == match_slot::list) {
        how.type = match::MatchType::list;
    } else if (match < match_slot::first_value) {
        how.type = static_cast<match::MatchType>(match);
    } else {
        const bool counts = match >= match_slot::first_count;
        how.type = counts ? match::MatchType::count : match::MatchType::value;
        how.relation = static_cast<match::Relation>(
            match - (counts ? match_slot::first_count : match_slot::first_value));
    }
    return how;
}

}  // namespace sieve
