// SPDX-License-Identifier: MIT
// Which tests of a script share a pass over the values that they look at: those of the same word
// with the same arguments, keys and match type apart, where a constant says what a value must be
// (:is) or must have in it (:contains, :matches, :regex) for the test to be true. Their constants
// are laid down as one hash table and one automaton. At run time a value goes through both once;
// tests that nothing was found for are false and are not run at all, the others run as ever. Used
// by the generator alone.
#pragma once

#include "sieve/match/match.h"
#include "sieve/program/bound.h"
#include "sieve/program/image_builder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sieve {

class SearchPlan {
  public:
    // Groups of less than `fewest` tests are left alone; 0: all are.
    explicit SearchPlan(std::size_t fewest) : fewest_(fewest) {}

    // The script's next test: its number among those that were added; nothing for one that can
    // share no pass.
    std::optional<std::uint32_t> add(const bound::Call& test);

    struct Result {
        SearchTables tables;  // all but where the tests' code ends
        // By the number that add() gave: that among the searches, format::absent where its group
        // was left alone.
        std::vector<std::uint32_t> numbers;
    };
    Result finish();

  private:
    struct Needles {
        std::uint32_t test = 0;
        match::MatchType type = match::MatchType::is;
        // The whole value for :is, else what it must have in it; as the comparator sees it.
        std::vector<std::string> texts;
    };
    struct Group {
        std::vector<Needles> tests;
    };

    static std::optional<Needles> needles(const bound::Call& test, match::How how);
    static void add_exacts(const Group& group, std::uint32_t first_search, SearchTables& out);
    static void add_automaton(const Group& group, std::uint32_t first_search, SearchTables& out);

    std::size_t fewest_;
    std::uint32_t added_ = 0;
    std::unordered_map<std::string, std::size_t> known_;  // groups by what their tests share
    std::vector<Group> groups_;
};

}  // namespace sieve
