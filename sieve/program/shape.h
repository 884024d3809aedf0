// SPDX-License-Identifier: MIT
// One way of calling a word: which slots are filled, by which constants or pushed values. Worked
// out when a program is made, so that a call costs no look-up.
#pragma once

#include "sieve/extension/spec.h"
#include "sieve/program/format.h"

#include <array>
#include <cstdint>

namespace sieve {

struct Shape {
    const WordSpec* word = nullptr;
    std::uint32_t pushed = 0;  // values that a call takes from the stack
    // By slot: format::absent, the constant, or the place among the pushed values.
    std::array<std::uint32_t, slot_count> at{};
};

}  // namespace sieve
