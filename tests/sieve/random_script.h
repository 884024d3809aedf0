// SPDX-License-Identifier: MIT
// Valid scripts and messages that have much in common, for tests that run both in two ways. All
// comes from the choices given: the same choices, the same text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sieve_test {

// Numbers out of octets; zeroes once they are used up.
class Choices {
  public:
    explicit Choices(std::span<const std::uint8_t> octets) : octets_(octets) {}
    // Below `bound`, which is at most 256.
    std::size_t below(std::size_t bound) {
        if (octets_.empty()) return 0;
        const std::size_t octet = octets_.front();
        octets_ = octets_.subspan(1);
        return octet % bound;
    }
    bool one_in(std::size_t bound) { return below(bound) == bound - 1; }
    bool used_up() const { return octets_.empty(); }

  private:
    std::span<const std::uint8_t> octets_;
};

// Needs the extensions of every_extension().
std::string random_script(Choices& choices);
std::string random_message(Choices& choices);

}  // namespace sieve_test
