// SPDX-License-Identifier: MIT
// date (RFC 5260 §4, §5): the tests date and currentdate.
#include "sieve/extension/date_text.h"
#include "sieve/extension/field_index.h"
#include "sieve/extension/field_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

void check_part(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view name, Range where) {
        if (!is_date_part(name))
            check.warning(where, "unknown date part '" + printable(name) + "': it never matches");
    });
}
void check_zone(CallCheck& check) {
    check.each_literal(Slot::zone, [&](std::string_view zone, Range where) {
        if (!read_zone(zone))
            check.warning(where, "'" + printable(zone) +
                                     "' is no time zone of the form +hhmm: the local one is used");
    });
}
void check_date(CallCheck& check) {
    check_field_names(check, Slot::first);
    check_part(check, Slot::second);
}
void check_currentdate(CallCheck& check) {
    check_part(check, Slot::first);
}

// Moved to the zone that the test asks for (RFC 5260 §4.1); the local one where it asks for none or
// for what is no zone.
DateTime shifted(Run& run, const Arguments& arguments, DateTime date) {
    if (arguments.has(Slot::original_zone)) return date;
    std::optional<int> zone;
    if (arguments.has(Slot::zone)) zone = read_zone(arguments.string(Slot::zone).text);
    date.zone_minutes = zone ? *zone : run.host().local_zone_minutes(date.unix_seconds);
    return date;
}

bool test_date(Run& run, const Arguments& arguments) {
    const StringRef name = arguments.string(Slot::first);
    const std::string_view part = arguments.string(Slot::second).text;
    Matching matching(run, arguments, Slot::third);
    const auto values = run.fields().header(name);
    auto [begin, end] = selected(arguments, values.size());
    // Without an index it is the first field, as RFC 5260 §4.4 takes the initial Received.
    end = std::min(end, begin + 1);
    if (begin == end) run.found_nothing(name.text);
    for (std::size_t i = begin; i < end; ++i) {
        run.work().add(values[i].text().size());
        const auto date = read_date(values[i].text());
        const auto text = date ? date_part(shifted(run, arguments, *date), part) : std::nullopt;
        if (text && matching.value(*text, name.text)) return true;
    }
    return matching.finish();
}

bool test_currentdate(Run& run, const Arguments& arguments) {
    const std::string_view part = arguments.string(Slot::first).text;
    Matching matching(run, arguments, Slot::second);
    const auto text = date_part(shifted(run, arguments, run.host().now()), part);
    return (text && matching.value(*text, part)) || matching.finish();
}

// clang-format off
constexpr TagSpec date_tags[] = {
    {.name = "zone", .slot = Slot::zone, .value = ValueKind::string, .excludes = Slot::zone, .check = check_zone},
    {.name = "originalzone", .slot = Slot::original_zone, .excludes = Slot::zone},
};
constexpr TagSpec currentdate_tags[] = {
    {.name = "zone", .slot = Slot::zone, .value = ValueKind::string, .check = check_zone},
};
constexpr ArgumentSpec date_arguments[] = {{.value = ValueKind::string}, {.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr ArgumentSpec currentdate_arguments[] = {{.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "date", .kind = WordKind::test, .arguments = date_arguments, .tags = date_tags,
     .groups = Group::match | Group::index, .check = check_date, .test = test_date},
    {.name = "currentdate", .kind = WordKind::test, .arguments = currentdate_arguments, .tags = currentdate_tags,
     .groups = Group::match, .check = check_currentdate, .test = test_currentdate},
};
// clang-format on

}  // namespace

const Extension extension::date{.name = "date", .rfc = "RFC 5260", .words = words};

}  // namespace sieve
