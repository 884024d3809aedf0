// SPDX-License-Identifier: MIT
// vacation (RFC 5230) and vacation-seconds (RFC 6131). Whether a reply goes out, and how often, is
// the host's matter.
#include "sieve/extension/address_text.h"
#include "sieve/extension/filing.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <limits>

namespace sieve {

namespace {

constexpr std::uint64_t seconds_per_day = 86'400;
constexpr auto most_seconds = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

// "Name <local@domain>" or the address alone, or a list of such (RFC 5230 §4.3).
bool is_from(std::string_view text) {
    if (is_mailbox_list(text)) return true;
    const std::size_t open = text.rfind('<');
    if (open == std::string_view::npos) return read_address(text).has_value();
    const std::size_t close = text.find('>', open);
    return close != std::string_view::npos &&
           read_address(text.substr(open + 1, close - open - 1)).has_value();
}

void check_from(CallCheck& check) {
    check.each_literal(Slot::from, [&](std::string_view text, Range where) {
        if (!is_from(text))
            check.error(where, "specified :from address '" + printable(text) +
                                   "' is invalid for vacation action");
    });
}

std::int64_t period_of(const Arguments& arguments) {
    std::uint64_t seconds = 0;
    if (arguments.has(Slot::seconds))
        seconds = arguments.number(Slot::seconds);
    else if (!arguments.has(Slot::days))
        return -1;
    else if (__builtin_mul_overflow(arguments.number(Slot::days), seconds_per_day, &seconds))
        seconds = most_seconds;
    return static_cast<std::int64_t>(std::min(seconds, most_seconds));
}

void do_vacation(Run& run, const Arguments& arguments) {
    const auto text = [&](Slot slot) {
        return arguments.has(slot) ? std::string(arguments.string(slot).text) : std::string();
    };
    Vacation action;
    action.reason = text(Slot::first);
    action.subject = text(Slot::subject);
    action.from = text(Slot::from);
    action.handle = text(Slot::handle);
    if (!action.from.empty() && !is_from(action.from)) {
        run.warn("'" + printable(action.from) + "' is no address to reply from: ignored");
        action.from.clear();
    }
    if (arguments.has(Slot::addresses))
        for (const StringRef address : arguments.list(Slot::addresses))
            action.addresses.emplace_back(address.text);
    action.period_seconds = period_of(arguments);
    action.mime = arguments.has(Slot::mime);
    action.file_copy = file_copy_of(run, arguments);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "auto-reply with message `" + printable(action.reason) + "'");
    run.deciding().vacation(run.origin(), std::move(action));
}

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "days", .slot = Slot::days, .value = ValueKind::number, .excludes = Slot::days},
    {.name = "subject", .slot = Slot::subject, .value = ValueKind::string},
    {.name = "from", .slot = Slot::from, .value = ValueKind::string, .check = check_from},
    {.name = "addresses", .slot = Slot::addresses, .value = ValueKind::list},
    {.name = "mime", .slot = Slot::mime},
    {.name = "handle", .slot = Slot::handle, .value = ValueKind::string},
};
constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}};
constexpr WordSpec words[] = {
    {.name = "vacation", .kind = WordKind::command, .arguments = arguments, .tags = tags, .is_action = true,
     .command = do_vacation},
};

constexpr std::string_view seconds_words[] = {"vacation"};
constexpr std::string_view seconds_implies[] = {"vacation"};
constexpr TagSpec seconds_tags[] = {
    {.name = "seconds", .slot = Slot::seconds, .value = ValueKind::number, .words = seconds_words,
     .excludes = Slot::days},
};
// clang-format on

}  // namespace

const Extension extension::vacation{.name = "vacation", .rfc = "RFC 5230", .words = words};
const Extension extension::vacation_seconds{.name = "vacation-seconds",
                                            .rfc = "RFC 6131",
                                            .enabled = Enabled::when_configured,
                                            .tags = seconds_tags,
                                            .implies = seconds_implies};

}  // namespace sieve
