// SPDX-License-Identifier: MIT
// Does what was decided: the stores first, all or none (store/commit.h); then what goes out; then
// what is to be remembered (design.md 4.5, sieve-compat 3.1 to 3.11). A failed action takes back
// the rest and becomes an implicit keep; temporary trouble takes everything back. Every action
// leaves its line in the log and its entry in the record.
#pragma once

#include "deliver/disposition.h"
#include "deliver/run_scripts.h"

namespace deliver {

struct Task;

// Throws std::system_error for what nobody planned; then nothing is stored.
Disposition carry_out(Task& task, SequenceOutcome outcome);

// Without Sieve: the default mailbox, else INBOX. Throws likewise.
Disposition save_plainly(Task& task);

}  // namespace deliver
