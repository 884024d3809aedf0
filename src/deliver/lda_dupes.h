// SPDX-License-Identifier: MIT
// ~/.dovecot.lda-dupes, where Dovecot's deliveries keep what they have replied to: read once, so
// that who changes to Tamis sends no vacation reply twice. The file stays as it is, for a way back.
#pragma once

#include "base/clock.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memory {
class Memory;
}
namespace sieve {
struct Vacation;
}

namespace deliver {

constexpr std::size_t max_lda_dupes_bytes = std::size_t{16} << 20;
constexpr std::size_t max_lda_dupes = 100'000;  // records; what follows is not read

struct LdaDupe {
    std::string id;         // octets
    std::int64_t ends = 0;  // unix seconds
};

// Those of the user that last longer than `now`. A file of another version or one that is damaged
// gives what was understood up to there. Version 2, little endian: a number of 32 bits for the
// version, then records of the end, the lengths of id and user, id and user.
std::vector<LdaDupe> parse_lda_dupes(std::string_view bytes, std::string_view user,
                                     std::int64_t now);

// Takes the file below `home` into the memory, where it is there and was not taken yet. Whatever
// goes wrong is no failure: then nothing is known.
void import_lda_dupes(memory::Memory& memory, const std::string& home, std::string_view user,
                      std::int64_t now);

// Under which memory's id an imported reply to this sender is found.
std::string imported_vacation_key(std::string_view sender, const sieve::Vacation& vacation);

}  // namespace deliver
