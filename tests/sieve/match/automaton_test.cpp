// SPDX-License-Identifier: MIT
#include "sieve/match/automaton.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>

using sieve::match::AutomatonState;
using sieve::match::AutomatonTables;

namespace {

std::set<std::uint32_t> found_in(const AutomatonTables& made, std::string_view value) {
    const sieve::match::AutomatonView view({reinterpret_cast<const char*>(made.states.data()),
                                            made.states.size() * sizeof(AutomatonState)},
                                           made.labels);
    sieve::match::Work work;
    std::set<std::uint32_t> found;
    std::uint32_t at = 0;
    for (const char octet : value) {
        at = view.next(at, octet, work);
        for (std::uint32_t state = at; state != 0; state = view.state(state).report)
            for (std::uint32_t i = view.state(state).first_found;
                 i < view.state(state + 1).first_found; ++i)
                found.insert(made.found[i]);
    }
    return found;
}

}  // namespace

TEST_CASE("all patterns are found wherever they overlap") {
    AutomatonTables made;
    sieve::match::add_automaton(
        {{"he", 0}, {"she", 1}, {"his", 2}, {"hers", 3}, {"he", 4}, {"\xff", 5}}, made);
    CHECK(found_in(made, "ushers") == std::set<std::uint32_t>{0, 1, 3, 4});
    CHECK(found_in(made, "hihis\xff") == std::set<std::uint32_t>{2, 5});
    CHECK(found_in(made, "h e r s").empty());
    CHECK(found_in(made, "").empty());
}

TEST_CASE("what is found is what a search for each pattern finds") {
    std::mt19937 random(1);
    const auto text = [&](std::size_t most, unsigned letters) {
        std::string made(1 + random() % most, 'a');
        for (char& c : made)
            c = static_cast<char>('a' + random() % letters);
        return made;
    };
    for (unsigned round = 0; round < 300; ++round) {
        std::vector<std::string> patterns;
        for (unsigned i = 0; i < 1 + random() % 20; ++i)
            patterns.push_back(text(5, 3));
        std::vector<std::pair<std::string_view, std::uint32_t>> numbered;
        for (const std::string& each : patterns)
            numbered.emplace_back(each, static_cast<std::uint32_t>(numbered.size()));
        AutomatonTables made;
        sieve::match::add_automaton(numbered, made);
        const std::string value = text(40, 3);
        std::set<std::uint32_t> wanted;
        for (const auto& [pattern, number] : numbered)
            if (value.find(pattern) != std::string::npos) wanted.insert(number);
        REQUIRE(found_in(made, value) == wanted);
    }
}
