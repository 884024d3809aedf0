// SPDX-License-Identifier: MIT
// vnd.dovecot.report (Pigeonhole's spec-bosch-sieve-report): a feedback report about the message
// (RFC 5965) to an address.
#include "sieve/extension/address_text.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

// A MIME token (RFC 5965 §3.5).
bool is_feedback_type(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return c > ' ' && c < 0x7f &&
               std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
    });
}

std::string bad_type(std::string_view text) {
    return "invalid feedback type '" + printable(text) + "'";
}
std::string bad_address(std::string_view text) {
    return "'" + printable(text) + "' is no mail address to report to";
}

void check_report(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view text, Range where) {
        if (!is_feedback_type(text)) check.error(where, bad_type(text));
    });
    check.each_literal(Slot::third, [&](std::string_view text, Range where) {
        if (!read_mailbox(text)) check.error(where, bad_address(text));
    });
}

void do_report(Run& run, const Arguments& arguments) {
    const auto text = [&](Slot slot) { return arguments.string(slot).text; };
    const auto address = read_mailbox(text(Slot::third));
    if (!address) run.fail(bad_address(text(Slot::third)));
    if (!is_feedback_type(text(Slot::first))) run.fail(bad_type(text(Slot::first)));
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "report as `" + printable(text(Slot::first)) + "' to address `" +
                                  printable(address->text) + "'");
    run.deciding().report(run.origin(), {.feedback_type = std::string(text(Slot::first)),
                                         .text = std::string(text(Slot::second)),
                                         .address = address->text,
                                         .headers_only = arguments.has(Slot::headers_only)});
}

constexpr TagSpec tags[] = {{.name = "headers_only", .slot = Slot::headers_only}};
constexpr ArgumentSpec arguments[] = {
    {.value = ValueKind::string}, {.value = ValueKind::string}, {.value = ValueKind::string}};
constexpr WordSpec words[] = {
    {.name = "report",
     .kind = WordKind::command,
     .arguments = arguments,
     .tags = tags,
     .check = check_report,
     .is_action = true,
     .command = do_report},
};

}  // namespace

const Extension extension::report{.name = "vnd.dovecot.report",
                                  .rfc = "Pigeonhole",
                                  .enabled = Enabled::when_configured,
                                  .words = words};

}  // namespace sieve
