// SPDX-License-Identifier: MIT
// vnd.dovecot.debug: debug_log writes a line to the log.
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/run.h"
#include "sieve/text.h"

namespace sieve {

namespace {

void do_debug_log(Run& run, const Arguments& arguments) {
    run.say("DEBUG: " + printable(arguments.string(Slot::first).text, limits::max_told_bytes));
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}};
constexpr WordSpec words[] = {
    {.name = "debug_log",
     .kind = WordKind::command,
     .arguments = arguments,
     .command = do_debug_log},
};

}  // namespace

const Extension extension::debug{.name = "vnd.dovecot.debug",
                                 .rfc = "Pigeonhole",
                                 .enabled = Enabled::when_configured,
                                 .words = words};

}  // namespace sieve
