// SPDX-License-Identifier: MIT
// Proof that a program can be run without any further check: every extent, index, constant and jump
// is in range, every call has the values that its row asks for, the stack is empty at jumps and
// targets, and jumps go forward. Works on arbitrary bytes, in linear time, without recursion. It
// doesn't look at the checksum: a right one proves nothing about intent.
#pragma once

#include "sieve/extension_set.h"
#include "sieve/program/image.h"
#include "sieve/program/shape.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

struct Verified {
    std::string why;  // empty where it passed
    std::vector<Shape> shapes;
    std::uint32_t max_stack = 0;
};

// Words and tags of extensions outside `usable` are refused.
Verified verify(std::string_view bytes, const ExtensionSet& usable);

}  // namespace sieve
