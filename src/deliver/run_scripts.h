// SPDX-License-Identifier: MIT
// Runs a user's scripts in sequence (sieve-compat 3.1, 3.2; draft-degener-sieve-multiscript): the
// next one runs while a keep is in effect at the end of the one before. Nothing happens but log
// lines and the record: what was decided comes back.
#pragma once

#include "deliver/script_sequence.h"
#include "sieve/action.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deliver {

struct DeliveryRecord;
struct Task;

// The keep that is in effect at the end, implicit or explicit.
struct KeepDecision {
    sieve::Flags flags;
    sieve::Origin origin;  // empty where it is implicit
    bool implicit = true;
    // As the scripts have edited it by then; absent: as it came.
    std::shared_ptr<const sieve::Message> message{};
};

struct SequenceOutcome {
    enum class End {
        well,
        not_compiled,  // or not readable: what earlier scripts decided still counts
        failed,        // while it ran: likewise, and the original message is kept
        temporary,     // nothing may be delivered
    };
    End end = End::well;
    std::optional<ScriptFile> culprit;   // the script that ended it otherwise than well
    std::string why;                     // for `temporary`
    std::vector<sieve::Action> actions;  // without keeps
    sieve::Flags internal_flags;
    std::optional<KeepDecision> keep;
    // As the scripts left it; absent: as it came.
    std::shared_ptr<const sieve::Message> message;
    // By script: how many of the actions were decided when it had ended well.
    std::vector<std::size_t> decided_by;
    std::vector<ScriptFile> ran;  // for messages: which script an action's origin names
};

// `message`: as earlier scripts have left it; null: as it came.
SequenceOutcome run_scripts(Task& task, const std::vector<ScriptFile>& scripts,
                            std::shared_ptr<const sieve::Message> message = {});

// How many of the actions scripts have decided that had ended before the one that decided this.
std::size_t decided_before(const SequenceOutcome& outcome, std::size_t action);

// The script that an origin's display name stands for; nothing where it isn't known.
const ScriptFile* script_of(const SequenceOutcome& outcome, const sieve::Origin& origin);

// For the record: a script that was not run, and why.
void record_left_out(DeliveryRecord& record, const ScriptFile& script, std::string why);

// Script trouble goes to the user's log for the user's own script, to the server's otherwise.
// `place`: "NAME: line N: ", or empty.
void tell_script_error(Task& task, const ScriptFile* script, const std::string& place,
                       const std::string& text);

}  // namespace deliver
