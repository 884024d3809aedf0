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
    SearchPlan(const bound::Script& script, std::size_t fewest);

    // The test's number among the searches; nothing for others.
    std::optional<std::uint32_t> number(const bound::Call& test) const;

    // All but where the tests' code ends.
    SearchTables tables() const;

  private:
    struct Needles {
        const bound::Call* test = nullptr;
        match::MatchType type = match::MatchType::is;
        // The whole value for :is, else what it must have in it; as the comparator sees it.
        std::vector<std::string> texts;
    };
    struct Group {
        std::vector<Needles> tests;
    };

    void visit(const std::vector<bound::Statement>& statements);
    void visit(const bound::Call& test);
    static std::optional<Needles> needles(const bound::Call& test, match::How how);
    static void add_exacts(const Group& group, std::uint32_t first_search, SearchTables& out);
    static void add_automaton(const Group& group, std::uint32_t first_search, SearchTables& out);

    std::unordered_map<std::string, std::size_t> known_;  // groups by what their tests share
    std::vector<Group> groups_;
    std::unordered_map<const bound::Call*, std::uint32_t> numbers_;
};

}  // namespace sieve
