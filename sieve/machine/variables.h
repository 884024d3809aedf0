// SPDX-License-Identifier: MIT
// The variables of one script (RFC 5229), some of which it shares with others (RFC 6609 §3.4).
// Values are cut at their limit, never inside a UTF-8 sequence.
#pragma once

#include "sieve/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Variables {
  public:
    Variables(std::uint32_t count, std::size_t max_bytes)
        : values_(count), places_(count), max_bytes_(max_bytes) {
        for (std::uint32_t i = 0; i < count; ++i)
            places_[i] = &values_[i];
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;

    // From now on the slot stands for that variable, which outlives this.
    void share(std::uint32_t slot, std::string& global) { places_[slot] = &global; }

    std::string_view get(std::uint32_t slot) const { return *places_[slot]; }
    void set(std::uint32_t slot, std::string_view value) {
        *places_[slot] = cut_utf8(value, max_bytes_);
    }

  private:
    std::vector<std::string> values_;
    std::vector<std::string*> places_;
    std::size_t max_bytes_;
};

}  // namespace sieve
