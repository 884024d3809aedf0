// SPDX-License-Identifier: MIT
// The variables of one script (RFC 5229). Values are cut at their limit, never inside a UTF-8
// sequence.
#pragma once

#include "sieve/text.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Variables {
  public:
    Variables(std::uint32_t count, std::size_t max_bytes) : values_(count), max_bytes_(max_bytes) {}

    std::string_view get(std::uint32_t slot) const { return values_[slot]; }
    void set(std::uint32_t slot, std::string_view value) {
        values_[slot] = cut_utf8(value, max_bytes_);
    }

  private:
    std::vector<std::string> values_;
    std::size_t max_bytes_;
};

}  // namespace sieve
