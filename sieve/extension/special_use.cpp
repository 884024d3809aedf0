// SPDX-License-Identifier: MIT
// special-use (RFC 8579): the test specialuse_exists and fileinto :specialuse.
#include "sieve/extension/special_use.h"

#include "sieve/extension/filing.h"
#include "sieve/extension/mailbox_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

std::string complaint(std::string_view text) {
    return "invalid special-use attribute '" + printable(text) + "'";
}

bool is_same_mailbox(std::string_view a, std::string_view b) {
    return a == b || (iequals(a, "INBOX") && iequals(b, "INBOX"));
}

}  // namespace

bool is_special_use(std::string_view text) {
    // RFC 3501 §9, ATOM-CHAR.
    return text.size() > 1 && text.size() <= 128 && text[0] == '\\' &&
           std::ranges::all_of(text.substr(1), [](char c) {
               return c > ' ' && c < 0x7f &&
                      std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
           });
}

std::string mailbox_for(Run& run, std::string_view use, std::string_view named) {
    if (!is_special_use(use)) run.fail(complaint(use));
    const std::vector<std::string> mailboxes = run.host().special_use_mailboxes(use);
    if (mailboxes.empty() || std::ranges::any_of(mailboxes, [&](const std::string& each) {
            return is_same_mailbox(each, named);
        }))
        return std::string(named);
    return mailboxes.front();
}

namespace {

void check_tag(CallCheck& check) {
    check_filing_tag(check, Slot::special_use);
    check.each_literal(Slot::special_use, [&](std::string_view text, Range where) {
        if (!is_special_use(text)) check.error(where, complaint(text));
    });
}

void check_exists(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_mailbox_name(name))
            check.warning(where, "invalid folder name '" + printable(name) + "': it never exists");
    });
    check.each_literal(Slot::second, [&](std::string_view text, Range where) {
        if (!is_special_use(text)) check.warning(where, complaint(text) + ": no mailbox has it");
    });
}

bool test_exists(Run& run, const Arguments& arguments) {
    const bool named = arguments.has(Slot::first);
    for (const StringRef use : arguments.list(Slot::second)) {
        run.work().add(use.text.size());
        if (!is_special_use(use.text)) {
            run.warn(complaint(use.text));
            return false;
        }
        const std::vector<std::string> mailboxes = run.host().special_use_mailboxes(use.text);
        const bool there =
            named ? std::ranges::any_of(mailboxes,
                                        [&](const std::string& each) {
                                            return is_same_mailbox(
                                                each, arguments.string(Slot::first).text);
                                        })
                  : !mailboxes.empty();
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(
                1, "special use `" + std::string(use.text) + (there ? "' exists" : "' is missing"));
        if (there) continue;
        run.found_nothing(use.text);
        return false;
    }
    run.matched(arguments.word(), {}, arguments.list(Slot::second)[0].text, {});
    return true;
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string, .optional = true},
                                      {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "specialuse_exists",
     .kind = WordKind::test,
     .arguments = arguments,
     .check = check_exists,
     .test = test_exists},
};
constexpr std::string_view tagged[] = {"fileinto", "vacation", "notify"};
constexpr TagSpec tags[] = {{.name = "specialuse",
                             .slot = Slot::special_use,
                             .value = ValueKind::string,
                             .words = tagged,
                             .check = check_tag}};

}  // namespace

const Extension extension::special_use{.name = "special-use",
                                       .rfc = "RFC 8579",
                                       .enabled = Enabled::when_configured,
                                       .words = words,
                                       .tags = tags};

}  // namespace sieve
