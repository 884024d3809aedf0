// SPDX-License-Identifier: MIT
#include "sieve/hash.h"

// Header only: the library is one more file to load at every start.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sieve {

std::uint64_t hash64(std::string_view octets) {
    return XXH3_64bits(octets.data(), octets.size());
}

std::pair<std::uint64_t, std::uint64_t> hash128(std::string_view octets) {
    const XXH128_hash_t hash = XXH3_128bits(octets.data(), octets.size());
    return {hash.high64, hash.low64};
}

}  // namespace sieve
