// SPDX-License-Identifier: MIT
// mailbox (RFC 5490 §3): mailboxexists and fileinto :create.
#include "sieve/extension/filing.h"
#include "sieve/extension/mailbox_name.h"
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

bool is_mailbox_name(std::string_view name) {
    return name.size() <= limits::max_mailbox_name_bytes && is_utf8(name);
}

namespace {

void check_exists(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_mailbox_name(name))
            check.warning(where, "invalid folder name '" + printable(name) + "': it never exists");
    });
}

// True where all of them exist and can be stored into.
bool test_exists(Run& run, const Arguments& arguments) {
    const StringList names = arguments.list(Slot::first);
    for (StringRef name : names) {
        run.work().add(name.text.size());
        if (!is_mailbox_name(name.text)) {
            run.warn("invalid folder name '" + printable(name.text) + "'");
            return false;
        }
        const bool exists = run.host().mailbox_exists(name.text);
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(1, "mailbox `" + std::string(name.text) +
                                      (exists ? "' exists" : "' cannot be opened"));
        if (!exists) {
            run.found_nothing(name.text);
            return false;
        }
    }
    run.matched(arguments.word(), {}, names[0].text, {});
    return true;
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "mailboxexists",
     .kind = WordKind::test,
     .arguments = arguments,
     .check = check_exists,
     .test = test_exists},
};
void check_create(CallCheck& check) {
    check_filing_tag(check, Slot::create);
}

constexpr std::string_view tagged[] = {"fileinto", "vacation", "notify"};
constexpr TagSpec tags[] = {
    {.name = "create", .slot = Slot::create, .words = tagged, .check = check_create}};

}  // namespace

const Extension extension::mailbox{
    .name = "mailbox", .rfc = "RFC 5490", .words = words, .tags = tags};

}  // namespace sieve
