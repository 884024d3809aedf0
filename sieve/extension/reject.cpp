// SPDX-License-Identifier: MIT
// reject and ereject (RFC 5429 §2).
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/text.h"

namespace sieve {

namespace {

void decide(Run& run, const Arguments& arguments, bool at_protocol) {
    const std::string reason(arguments.string(Slot::first).text);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "reject message with reason `" + printable(reason) + "'");
    run.deciding().reject(run.origin(), Reject{reason, at_protocol});
}

void do_reject(Run& run, const Arguments& arguments) {
    decide(run, arguments, false);
}
void do_ereject(Run& run, const Arguments& arguments) {
    decide(run, arguments, true);
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}};
constexpr WordSpec reject_words[] = {
    {.name = "reject",
     .kind = WordKind::command,
     .arguments = arguments,
     .is_action = true,
     .command = do_reject},
};
constexpr WordSpec ereject_words[] = {
    {.name = "ereject",
     .kind = WordKind::command,
     .arguments = arguments,
     .is_action = true,
     .command = do_ereject},
};

}  // namespace

const Extension extension::reject{.name = "reject", .rfc = "RFC 5429", .words = reject_words};
const Extension extension::ereject{.name = "ereject", .rfc = "RFC 5429", .words = ereject_words};

}  // namespace sieve
