// SPDX-License-Identifier: MIT
// What a script includes, directly or not, as sievec and `tamis sieve put` look at it beforehand.
#pragma once

#include "sieve/script_name.h"

#include <vector>

namespace deliver {
struct ScriptFile;
}

namespace bin {

struct SieveSetUp;

// `missing` may come before the script runs (RFC 6609 §3.2); what does not compile, or includes
// itself in the end, is `broken`.
enum class Includes { good, missing, broken };

// Tells on standard error of each that is missing without being optional, or does not compile.
Includes check_includes(const SieveSetUp& setup, const deliver::ScriptFile& script,
                        const std::vector<sieve::IncludeCommand>& commands);

}  // namespace bin
