// SPDX-License-Identifier: MIT
// How much work a stored password may ask for. Its numbers are the administrator's, or whoever
// wrote into the database; a check that costs more than these is refused instead of started. The
// defaults lie far above what anyone waits for at a log-in, below what would stop a server: a
// minute of one processor, about. So verify() belongs on a thread that nobody else waits for.
#pragma once

#include <cstdint>

namespace auth {

struct SchemeLimits {
    unsigned bcrypt_cost = 20;                            // log2 of the rounds, "$2y$20$"
    unsigned rounds = 100'000'000;                        // of SHA-crypt and its kin, PBKDF2, SCRAM
    unsigned otp_sequence = 1'000'000;                    // digests in a row
    std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // of Argon2, yescrypt and scrypt
    std::uint64_t memory_passes = std::uint64_t{64} << 30;  // bytes times passes over them
};

}  // namespace auth
