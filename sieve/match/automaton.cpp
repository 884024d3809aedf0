// SPDX-License-Identifier: MIT
#include "sieve/match/automaton.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sieve::match {

namespace {

// The patterns that begin with the octets that lead to a state.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    bool empty() const { return begin == end; }
};

}  // namespace

void add_automaton(std::vector<std::pair<std::string_view, std::uint32_t>> patterns,
                   AutomatonTables& tables) {
    std::ranges::sort(patterns);
    std::vector<AutomatonState>& states = tables.states;
    std::string& labels = tables.labels;
    std::vector<std::uint32_t>& found = tables.found;
    std::size_t most = 2;
    for (const auto& [pattern, number] : patterns)
        most += pattern.size();
    const std::size_t root = states.size();
    states.reserve(root + most);
    labels.reserve(root + most);
    const auto state = [&](std::uint32_t number) -> AutomatonState& {
        return states[root + number];
    };
    const auto add_state = [&](char label) {
        states.emplace_back();
        labels += label;
    };
    add_state('\0');
    std::uint32_t at = 0;
    std::uint32_t made = 1;
    std::vector<Range> level{{0, patterns.size()}}, below;
    for (std::size_t depth = 0; !level.empty(); ++depth) {
        for (Range here : level) {
            state(at).first_child = made;
            state(at).first_found = static_cast<std::uint32_t>(found.size());
            for (; !here.empty() && patterns[here.begin].first.size() == depth; ++here.begin)
                found.push_back(patterns[here.begin].second);
            while (!here.empty()) {
                const char label = patterns[here.begin].first[depth];
                std::size_t past = here.begin + 1;
                while (past < here.end && patterns[past].first[depth] == label)
                    ++past;
                below.push_back({here.begin, past});
                add_state(label);
                ++made;
                here.begin = past;
            }
            ++at;
        }
        level.swap(below);
        below.clear();
    }
    add_state('\0');
    state(made) = {.first_child = made, .first_found = static_cast<std::uint32_t>(found.size())};

    const AutomatonView view({reinterpret_cast<const char*>(&states[root]),
                              (states.size() - root) * sizeof(AutomatonState)},
                             std::string_view(labels).substr(root));
    Work work;
    for (std::uint32_t parent = 0; parent < made; ++parent) {
        const std::uint32_t end = state(parent + 1).first_child;
        for (std::uint32_t child = state(parent).first_child; child < end; ++child) {
            const std::uint32_t fail =
                parent == 0 ? 0 : view.next(state(parent).fail, labels[root + child], work);
            const bool reports = state(fail).first_found != state(fail + 1).first_found;
            state(child).fail = fail;
            state(child).report = reports ? fail : state(fail).report;
        }
    }
}

}  // namespace sieve::match
