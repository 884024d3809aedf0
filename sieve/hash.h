// SPDX-License-Identifier: MIT
// XXH3 (libxxhash) over octets: quick, stable across machines, not for security.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace sieve {

std::uint64_t hash64(std::string_view octets);
// High and low half.
std::pair<std::uint64_t, std::uint64_t> hash128(std::string_view octets);

}  // namespace sieve
