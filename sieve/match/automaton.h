// SPDX-License-Identifier: MIT
// Many patterns searched for in one pass (Aho and Corasick, 1975). States are numbered by breadth,
// so the children of one stand side by side and its edges are a run of octets. Made once, laid down
// as plain tables that can be read in place (program/format.h), immutable.
#pragma once

#include "sieve/match/work.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve::match {

struct AutomatonState {
    std::uint32_t first_child =
        0;                     // up to that of the next state; children come after their parent
    std::uint32_t fail = 0;    // the state of the longest suffix that is a prefix of a pattern
    std::uint32_t report = 0;  // the longest such suffix that is a pattern; 0: none
    std::uint32_t first_found = 0;  // numbers of patterns that end here, up to the next state's
};

// Tables of several automata one behind the other.
struct AutomatonTables {
    std::vector<AutomatonState> states;  // after each automaton one that only ends the runs before
    std::string labels;                  // by state: the octet that leads to it
    std::vector<std::uint32_t> found;
};

// Adds one, whose states count from its first: patterns with their numbers, none of them empty.
// Linear in their octets but for the sorting.
void add_automaton(std::vector<std::pair<std::string_view, std::uint32_t>> patterns,
                   AutomatonTables& tables);

// The same where it lies. Whoever made the tables, it reads inside of them and ends if each state's
// children are states behind it, `fail` and `report` are states before it.
class AutomatonView {
  public:
    // `states` holds AutomatonStates, `labels` as many octets.
    AutomatonView(std::string_view states, std::string_view labels)
        : states_(states.data()), labels_(labels.data()) {}

    AutomatonState state(std::uint32_t number) const {
        AutomatonState state;
        std::memcpy(&state, states_ + number * sizeof state, sizeof state);
        return state;
    }

    // From state `at` by one octet of the value.
    std::uint32_t next(std::uint32_t at, char octet, Work& work) const {
        while (true) {
            const AutomatonState here = state(at);
            const std::uint32_t children = state(at + 1).first_child - here.first_child;
            work.add(1);
            if (children != 0) {
                const char* const first = labels_ + here.first_child;
                if (const void* hit = std::memchr(first, octet, children))
                    return here.first_child +
                           static_cast<std::uint32_t>(static_cast<const char*>(hit) - first);
            }
            if (at == 0) return 0;
            at = here.fail;
        }
    }

  private:
    const char* states_;
    const char* labels_;
};

}  // namespace sieve::match
