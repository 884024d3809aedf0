// SPDX-License-Identifier: MIT
#include "sieve/spelling.h"

#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace sieve {

namespace {

constexpr std::size_t max_bytes = 40;  // longer names are cut

// Insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, max_bytes + 1>, 3> rows{};
    auto *before = &rows[0], *last = &rows[1], *now = &rows[2];
    for (std::size_t j = 0; j <= b.size(); ++j)
        (*last)[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        (*now)[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
            (*now)[j] = std::min({(*last)[j] + 1, (*now)[j - 1] + 1, (*last)[j - 1] + other});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                (*now)[j] = std::min((*now)[j], (*before)[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return (*last)[b.size()];
}

// One mistake in a short word, two in a longer one, three in a long one.
std::size_t tolerated(std::size_t length) {
    return length < 3 ? 0 : length < 6 ? 1 : length < 12 ? 2 : 3;
}

}  // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known) {
    const std::string wanted = lower(name.substr(0, max_bytes));
    std::size_t best = tolerated(wanted.size()) + 1;
    std::string_view found;
    for (std::string_view candidate : known) {
        const std::string folded = lower(candidate.substr(0, max_bytes));
        const std::size_t difference =
            std::max(folded.size(), wanted.size()) - std::min(folded.size(), wanted.size());
        if (difference >= best) continue;
        const std::size_t mistakes = distance(wanted, folded);
        if (mistakes >= best) continue;
        best = mistakes;
        found = candidate;
    }
    return found;
}

}  // namespace sieve
