// SPDX-License-Identifier: MIT
// The checksum over a program file.
#pragma once

#include <string>
#include <string_view>

namespace sieve {

// Writes it into the header. At least a header's size.
void seal(std::string& bytes);
// Whether it is right.
bool sealed(std::string_view bytes);

}  // namespace sieve
