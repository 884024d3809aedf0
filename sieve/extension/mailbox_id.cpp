// SPDX-License-Identifier: MIT
// mailboxid (RFC 9042): the test mailboxidexists, and :mailboxid of fileinto and :fcc.
#include "sieve/extension/mailbox_id.h"

#include "sieve/extension/filing.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

// RFC 8474 §7, objectid.
bool is_object_id(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        const char lower = ascii_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::string complaint(std::string_view text) {
    return "'" + printable(text) + "' is no mailbox id: no mailbox has it";
}

void check_ids(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view text, Range where) {
        if (!is_object_id(text)) check.warning(where, complaint(text));
    });
}

void check_exists(CallCheck& check) {
    check_ids(check, Slot::first);
}

// RFC 9042 §4.2, §5: not both.
void check_tag(CallCheck& check) {
    check_filing_tag(check, Slot::mailbox_id);
    check_ids(check, Slot::mailbox_id);
    if (check.has(Slot::special_use))
        check.error(check.where(Slot::mailbox_id),
                    "':mailboxid' and ':specialuse' exclude each other");
}

// True where all of them exist and can be stored into (RFC 9042 §6).
bool test_exists(Run& run, const Arguments& arguments) {
    const StringList ids = arguments.list(Slot::first);
    for (const StringRef id : ids) {
        if (mailbox_of_id(run, id.text)) continue;
        run.found_nothing(id.text);
        return false;
    }
    if (ids.size() != 0) run.matched(arguments.word(), {}, ids[0].text, {});
    return true;
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "mailboxidexists",
     .kind = WordKind::test,
     .arguments = arguments,
     .check = check_exists,
     .test = test_exists},
};
constexpr std::string_view tagged[] = {"fileinto", "vacation", "notify"};
constexpr TagSpec tags[] = {{.name = "mailboxid",
                             .slot = Slot::mailbox_id,
                             .value = ValueKind::string,
                             .words = tagged,
                             .check = check_tag}};

}  // namespace

std::optional<std::string> mailbox_of_id(Run& run, std::string_view id) {
    run.work().add(id.size());
    auto found = is_object_id(id) ? run.host().mailbox_of_id(id) : std::nullopt;
    if (run.tracer().at(TraceLevel::matching))
        run.tracer().write(1, "mailbox id `" + printable(id) + "' " +
                                  (found ? "is mailbox `" + *found + "'" : "is no mailbox's"));
    return found;
}

const Extension extension::mailboxid{
    .name = "mailboxid", .rfc = "RFC 9042", .words = words, .tags = tags};

}  // namespace sieve
