// SPDX-License-Identifier: MIT
// Which of the tests that share a pass over their values (program/search_plan.h) can be true of the
// message: those that something was found for. Bits by search; each group is gathered when the
// first of its tests comes, and again for another message. Lives in one run.
#pragma once

#include "sieve/match/work.h"
#include "sieve/program/image.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sieve {

class Candidates {
  public:
    explicit Candidates(const Image& image) : image_(image) {}

    // Whether the values of the test's group have been seen.
    bool gathered(std::uint32_t search) const {
        const std::uint32_t group = image_.search(search).group;
        return (!gathered_.empty() && gathered_[group]) || given_up(group);
    }
    // After that, whether the test can be true.
    bool found(std::uint32_t search) const {
        return given_up(image_.search(search).group) || found_[search];
    }

    // `give_values` shows each to see().
    template <typename GiveValues>
    void gather(std::uint32_t search, GiveValues give_values) {
        const std::uint32_t group = image_.search(search).group;
        const Gathering gathering(*this, group);
        give_values();
        gathered_[group] = true;
        ++times_[group];
    }
    bool gathering() const { return gathering_; }
    // A value as the tests' comparator sees it.
    void see(std::string_view value, match::Work& work);

    // The message is another one.
    void forget() { gathered_.assign(gathered_.size(), false); }

  private:
    // A message that is edited again and again costs more so than with each test by itself.
    static constexpr unsigned most_times = 3;
    bool given_up(std::uint32_t group) const {
        return !times_.empty() && times_[group] >= most_times && !gathered_[group];
    }

    struct Gathering {
        Gathering(Candidates& of, std::uint32_t group) : candidates(of) { of.begin(group); }
        ~Gathering() { candidates.gathering_ = false; }
        Candidates& candidates;
    };

    void begin(std::uint32_t group);
    void report(Slice found, match::Work& work);

    const Image& image_;
    std::vector<bool> gathered_;   // by group
    std::vector<unsigned> times_;  // by group: how often in this run
    std::vector<bool> found_;      // by search
    std::vector<bool> reported_;   // states and exact values of the group, whose tests are found
    SearchGroup group_;
    bool gathering_ = false;
};

}  // namespace sieve
