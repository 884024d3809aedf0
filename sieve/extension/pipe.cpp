// SPDX-License-Identifier: MIT
// vnd.dovecot.pipe: the message to a program that the administrator provides (Pigeonhole's
// spec-bosch-sieve-extprograms).
#include "sieve/extension/program_call.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/text.h"

namespace sieve {

namespace {

void do_pipe(Run& run, const Arguments& arguments) {
    ProgramName name = program_name(run, arguments);
    Pipe action;
    action.program = std::move(name.program);
    action.arguments = std::move(name.arguments);
    action.copy = arguments.has(Slot::copy);
    action.ignore_failure = arguments.has(Slot::try_);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "pipe message to program `" + printable(action.program) + "'");
    run.deciding().pipe(run.origin(), std::move(action));
}

constexpr TagSpec tags[] = {{.name = "copy", .slot = Slot::copy},
                            {.name = "try", .slot = Slot::try_}};
constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string},
                                      {.value = ValueKind::list, .optional = true}};
constexpr WordSpec words[] = {
    {.name = "pipe",
     .kind = WordKind::command,
     .arguments = arguments,
     .tags = tags,
     .check = check_program_call,
     .is_action = true,
     .command = do_pipe},
};

}  // namespace

const Extension extension::pipe{.name = "vnd.dovecot.pipe",
                                .rfc = "Pigeonhole",
                                .enabled = Enabled::when_configured,
                                .words = words};

}  // namespace sieve
