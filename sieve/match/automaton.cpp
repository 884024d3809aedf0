// SPDX-License-Identifier: MIT
#include "sieve/match/automaton.h"

#include <algorithm>
#include <cstddef>

namespace sieve::match {

namespace {

// The patterns that begin with the octets that lead to a state.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t depth = 0;
};

}  // namespace

Automaton make_automaton(std::vector<std::pair<std::string_view, std::uint32_t>> patterns) {
    std::ranges::sort(patterns);
    Automaton made;
    std::vector<Range> ranges{{0, patterns.size(), 0}};
    made.states.emplace_back();
    made.labels += '\0';
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        auto [begin, end, depth] = ranges[at];
        made.states[at].first_child = static_cast<std::uint32_t>(ranges.size());
        made.states[at].first_found = static_cast<std::uint32_t>(made.found.size());
        for (; begin < end && patterns[begin].first.size() == depth; ++begin)
            made.found.push_back(patterns[begin].second);
        while (begin < end) {
            const char label = patterns[begin].first[depth];
            std::size_t past = begin + 1;
            while (past < end && patterns[past].first[depth] == label)
                ++past;
            ranges.push_back({begin, past, depth + 1});
            made.states.emplace_back();
            made.labels += label;
            begin = past;
        }
    }
    made.states.push_back({.first_child = static_cast<std::uint32_t>(ranges.size()),
                           .first_found = static_cast<std::uint32_t>(made.found.size())});
    made.labels += '\0';

    const AutomatonView view({reinterpret_cast<const char*>(made.states.data()),
                              made.states.size() * sizeof(AutomatonState)},
                             made.labels);
    Work work;
    for (std::uint32_t at = 0; at < ranges.size(); ++at) {
        const std::uint32_t end = made.states[at + 1].first_child;
        for (std::uint32_t child = made.states[at].first_child; child < end; ++child) {
            AutomatonState& state = made.states[child];
            if (at != 0) state.fail = view.next(made.states[at].fail, made.labels[child], work);
            const std::uint32_t fail = state.fail;
            const bool reports = made.states[fail].first_found != made.states[fail + 1].first_found;
            state.report = reports ? fail : made.states[fail].report;
        }
    }
    return made;
}

}  // namespace sieve::match
