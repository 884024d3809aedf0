// SPDX-License-Identifier: MIT
#include "sieve/machine/candidates.h"

#include "sieve/hash.h"

namespace sieve {

using format::Section;

void Candidates::begin(std::uint32_t group) {
    if (gathered_.empty()) {
        gathered_.assign(image_.count(Section::search_groups), false);
        times_.assign(image_.count(Section::search_groups), 0);
        found_.assign(image_.count(Section::searches), false);
    }
    group_ = image_.search_group(group);
    reported_.assign(std::size_t{group_.states.count} + group_.exacts.count, false);
    gathering_ = true;
}

void Candidates::report(Slice found, match::Work& work) {
    work.add(found.count);
    for (std::uint32_t i = found.first; i < found.first + found.count; ++i)
        found_[image_.search_found(i)] = true;
}

void Candidates::see(std::string_view value, match::Work& work) {
    if (group_.exacts.count != 0) {
        work.add(value.size());
        const auto hash = static_cast<std::uint32_t>(hash64(value));
        const auto hash_of = [&](std::uint32_t i) {
            return image_.search_exact(group_.exacts.first + i).hash;
        };
        std::uint32_t nearest = 0;  // the first that is not below
        for (std::uint32_t end = group_.exacts.count; nearest < end;) {
            const std::uint32_t middle = nearest + (end - nearest) / 2;
            if (hash_of(middle) < hash)
                nearest = middle + 1;
            else
                end = middle;
        }
        const std::uint32_t mark = group_.states.count + nearest;
        if (nearest != group_.exacts.count && hash_of(nearest) == hash && !reported_[mark]) {
            reported_[mark] = true;
            report(image_.search_exact(group_.exacts.first + nearest).found, work);
        }
    }
    if (group_.states.count == 0) return;
    const match::AutomatonView automaton = image_.automaton(group_);
    std::uint32_t at = 0;
    for (const char octet : value) {
        at = automaton.next(at, octet, work);
        // What a reported state's suffixes find is reported as well.
        for (std::uint32_t state = at; state != 0 && !reported_[state];) {
            reported_[state] = true;
            const match::AutomatonState here = automaton.state(state);
            report({here.first_found, automaton.state(state + 1).first_found - here.first_found},
                   work);
            state = here.report;
        }
    }
}

}  // namespace sieve
