// SPDX-License-Identifier: MIT
// What is right and yet hardly meant in a script: remarks beyond the compiler's errors. Pure but
// for the questions in LintWorld. Linear in the size of the source, but for one compilation a
// required extension.
#pragma once

#include "sieve/compile.h"
#include "sieve/diagnostic.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

// What is known of the user; remarks that need more than is there are not made.
struct LintWorld {
    std::vector<std::string> own_addresses;  // a redirect there is a loop
    std::function<bool(std::string_view mailbox)> mailbox_exists{};
    bool creates_mailboxes = false;  // also without :create
};

// Warnings in the order of their positions, for a source that compiles with these options.
std::vector<Diagnostic> lint(std::string_view source, const CompileOptions& options,
                             const LintWorld& world);

}  // namespace sieve
