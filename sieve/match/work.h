// SPDX-License-Identifier: MIT
// The cost of matching, counted where it arises, so that a script's budget includes the work inside
// the matchers. The unit is one octet looked at (compared, scanned or folded). A matcher stops and
// answers "no match" once the limit is passed; whoever runs it asks exhausted() afterwards.
#pragma once

#include <cstdint>
#include <limits>

namespace sieve::match {

class Work {
  public:
    Work() = default;
    explicit Work(std::uint64_t limit) : limit_(limit) {}

    void add(std::uint64_t octets) { octets_ += octets; }
    std::uint64_t octets() const { return octets_; }
    bool exhausted() const { return octets_ > limit_; }

  private:
    std::uint64_t octets_ = 0;
    std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace sieve::match
