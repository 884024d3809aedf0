// SPDX-License-Identifier: MIT
// fileinto (RFC 5228 §4.1).
#include "sieve/extension/filing.h"
#include "sieve/extension/flag_list.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"

namespace sieve {

namespace {

void check_fileinto(CallCheck& check) {
    check_mailbox(check, Slot::first);
}

void do_fileinto(Run& run, const Arguments& arguments) {
    FileInto action;
    action.mailbox = filed_mailbox(run, arguments, Slot::first);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "store message in mailbox `" + action.mailbox + "'");
    action.flags = flags_of(run, arguments);
    action.copy = arguments.has(Slot::copy);
    action.create = arguments.has(Slot::create);
    run.deciding().file_into(run.origin(), std::move(action));
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}};
constexpr WordSpec words[] = {
    {.name = "fileinto",
     .kind = WordKind::command,
     .arguments = arguments,
     .check = check_fileinto,
     .is_action = true,
     .command = do_fileinto},
};

}  // namespace

const Extension extension::fileinto{.name = "fileinto", .rfc = "RFC 5228", .words = words};

}  // namespace sieve
