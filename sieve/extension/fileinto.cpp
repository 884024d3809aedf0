// SPDX-License-Identifier: MIT
// fileinto (RFC 5228 §4.1).
#include "sieve/extension/flag_list.h"
#include "sieve/extension/mailbox_name.h"
#include "sieve/extension/rows.h"
#include "sieve/extension/special_use.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

std::string complaint(std::string_view name) {
    return "invalid folder name '" + printable(name) + "'";
}

void check_fileinto(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_mailbox_name(name)) check.error(where, complaint(name));
    });
}

void do_fileinto(Run& run, const Arguments& arguments) {
    std::string_view name = arguments.string(Slot::first).text;
    if (!is_mailbox_name(name)) run.fail(complaint(name));
    if (arguments.has(Slot::special_use))
        name = mailbox_for(run, arguments.string(Slot::special_use).text, name);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "store message in mailbox `" + std::string(name) + "'");
    FileInto action{std::string(name), flags_of(run, arguments), arguments.has(Slot::copy),
                    arguments.has(Slot::create)};
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
