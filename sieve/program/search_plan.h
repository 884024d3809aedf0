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
#include "sieve/program/entry_index.h"
#include "sieve/program/image_builder.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
    // What a value must have in it for a test of :contains, :matches or :regex, as the comparator
    // sees it.
    struct Needle {
        std::uint32_t test = 0;
        std::uint32_t begin = 0;  // in texts_
        std::uint32_t size = 0;
    };
    // The whole value for :is, likewise.
    struct Exact {
        std::uint32_t hash = 0;
        std::uint32_t test = 0;
        auto operator<=>(const Exact&) const = default;
    };
    // Tests of the same values, each by its number.
    struct Group {
        std::string shared;
        std::vector<std::uint32_t> tests;
        std::vector<Needle> needles;
        std::vector<Exact> exacts;
    };

    bool take_keys(const bound::Value& keys, match::How how);
    bool take_key(std::string_view literal, match::How how);
    bool take_needle(std::string_view text);
    bool take_shared(const bound::Call& test, match::Comparator comparator);
    static void add_exacts(Group& group, const std::vector<std::uint32_t>& numbers,
                           SearchTables& out);
    void add_automaton(const Group& group, const std::vector<std::uint32_t>& numbers,
                       SearchTables& out) const;

    std::size_t fewest_;
    std::uint32_t added_ = 0;
    EntryIndex known_;
    std::vector<Group> groups_;
    std::string texts_;  // of the needles
    // Of the test that is looked at:
    std::string shared_;
    std::vector<Needle> needles_;
    std::vector<Exact> exacts_;
    match::Subject key_{{}};
};

}  // namespace sieve
