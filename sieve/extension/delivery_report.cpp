// SPDX-License-Identifier: MIT
// envelope-dsn, envelope-deliverby, redirect-dsn and redirect-deliverby (RFC 6009).
#include "sieve/extension/delivery_report.h"

#include "sieve/extension/date_text.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sieve {

namespace {

// RFC 2852 §4: by-time has nine digits at most.
constexpr std::int64_t most_by_seconds = 999'999'999;

using Values = std::optional<std::vector<std::string>>;

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> words;
    for (;;) {
        const std::size_t comma = text.find(',');
        words.emplace_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return words;
        text.remove_prefix(comma + 1);
    }
}

Values one(const std::optional<std::string>& value) {
    if (!value) return std::nullopt;
    return std::vector<std::string>{*value};
}

Values notify_of(Run& run, const Arguments&) {
    const auto& notify = run.envelope().dsn.notify;
    if (!notify) return std::nullopt;
    return split_at_commas(*notify);
}
Values orcpt_of(Run& run, const Arguments&) {
    return one(run.envelope().dsn.orcpt);
}
Values ret_of(Run& run, const Arguments&) {
    return one(run.envelope().dsn.ret);
}
Values envid_of(Run& run, const Arguments&) {
    return one(run.envelope().dsn.envid);
}

// RFC 6009 §5: restricted ISO 8601, "Z" for an offset of zero.
Values by_time_absolute_of(Run& run, const Arguments& arguments) {
    const auto& by = run.envelope().deliver_by;
    if (!by) return std::nullopt;
    DateTime date{.unix_seconds = by->at, .zone_minutes = 0};
    std::optional<int> zone;
    if (arguments.has(Slot::zone)) zone = read_zone(arguments.string(Slot::zone).text);
    date.zone_minutes = zone ? *zone : run.host().local_zone_minutes(by->at);
    return std::vector<std::string>{date_part(date, "iso8601").value_or("")};
}
Values by_time_relative_of(Run& run, const Arguments&) {
    const auto& by = run.envelope().deliver_by;
    if (!by) return std::nullopt;
    return std::vector<std::string>{std::to_string(by->at - run.host().now().unix_seconds)};
}
Values by_mode_of(Run& run, const Arguments&) {
    const auto& by = run.envelope().deliver_by;
    if (!by) return std::nullopt;
    return std::vector<std::string>{by->returns ? "return" : "notify"};
}
Values by_trace_of(Run& run, const Arguments&) {
    const auto& by = run.envelope().deliver_by;
    if (!by) return std::nullopt;
    return std::vector<std::string>{by->trace ? "trace" : ""};
}

constexpr std::string_view envelope_dsn_name = "envelope-dsn";
constexpr std::string_view envelope_deliverby_name = "envelope-deliverby";
constexpr ReportPart parts[] = {
    {"notify", envelope_dsn_name, notify_of},
    {"orcpt", envelope_dsn_name, orcpt_of},
    {"ret", envelope_dsn_name, ret_of},
    {"envid", envelope_dsn_name, envid_of},
    {"bytimeabsolute", envelope_deliverby_name, by_time_absolute_of},
    {"bytimerelative", envelope_deliverby_name, by_time_relative_of},
    {"bymode", envelope_deliverby_name, by_mode_of},
    {"bytrace", envelope_deliverby_name, by_trace_of},
};

// RFC 3461 §4.1: NEVER, or a list of the other three.
bool is_notify(std::string_view text) {
    if (iequals(text, "NEVER")) return true;
    if (text.size() > 64) return false;
    return std::ranges::all_of(split_at_commas(text), [](const std::string& word) {
        return iequals(word, "SUCCESS") || iequals(word, "FAILURE") || iequals(word, "DELAY");
    });
}
bool is_return(std::string_view text) {
    return iequals(text, "FULL") || iequals(text, "HDRS");
}
bool is_mode(std::string_view text) {
    return iequals(text, "notify") || iequals(text, "return");
}

std::optional<int> number_in(std::string_view text, std::size_t at, std::size_t digits) {
    int value = 0;
    if (text.size() < at + digits) return std::nullopt;
    const char* end = text.data() + at + digits;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
    return value;
}

// date-time of RFC 3339 §5.6; the zone also as the date extension's part "zone" has it.
std::optional<std::int64_t> read_date_time(std::string_view text) {
    using namespace std::chrono;
    const auto year_number = number_in(text, 0, 4);
    const auto month_number = number_in(text, 5, 2);
    const auto day_number = number_in(text, 8, 2);
    const auto hour = number_in(text, 11, 2);
    const auto minute = number_in(text, 14, 2);
    const auto second = number_in(text, 17, 2);
    if (!year_number || !month_number || !day_number || !hour || !minute || !second)
        return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || ascii_lower(text[10]) != 't' || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                              day(static_cast<unsigned>(*day_number))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    text.remove_prefix(19);
    if (text.starts_with('.')) {
        const std::size_t end = text.find_first_not_of("0123456789", 1);
        if (end == 1 || end == std::string_view::npos) return std::nullopt;
        text.remove_prefix(end);
    }
    int zone = 0;
    if (!iequals(text, "Z")) {
        std::string plain(text);
        if (plain.size() == 6 && plain[3] == ':') plain.erase(3, 1);
        const auto minutes = read_zone(plain);
        if (!minutes) return std::nullopt;
        zone = *minutes;
    }
    return sys_days(date).time_since_epoch() / seconds(1) + *hour * 3600 + (*minute - zone) * 60 +
           *second;
}

std::string bad(std::string_view tag, std::string_view text, std::string_view wanted) {
    return "':" + std::string(tag) + "' is " + std::string(wanted) + ", not '" + printable(text) +
           "'";
}
std::string bad_notify(std::string_view text) {
    return bad("notify", text, "\"NEVER\" or a list of \"SUCCESS\", \"FAILURE\" and \"DELAY\"");
}
std::string bad_return(std::string_view text) {
    return bad("ret", text, "\"FULL\" or \"HDRS\"");
}
std::string bad_mode(std::string_view text) {
    return bad("bymode", text, "\"notify\" or \"return\"");
}
std::string bad_time(std::string_view text) {
    return bad("bytimeabsolute", text, "a date and time as 2026-11-25T18:00:00+01:00");
}

using Complaint = std::string (*)(std::string_view);
void check_value(CallCheck& check, Slot slot, bool (*good)(std::string_view), Complaint complaint) {
    check.each_literal(slot, [&](std::string_view text, Range where) {
        if (!good(text)) check.error(where, complaint(text));
    });
}
void check_notify(CallCheck& check) {
    check_value(check, Slot::dsn_notify, is_notify, bad_notify);
}
void check_return(CallCheck& check) {
    check_value(check, Slot::dsn_return, is_return, bad_return);
}
void check_time(CallCheck& check) {
    check_value(
        check, Slot::by_time_absolute,
        [](std::string_view text) { return read_date_time(text).has_value(); }, bad_time);
}
void check_has_time(CallCheck& check, Slot slot) {
    if (!check.has(Slot::by_time) && !check.has(Slot::by_time_absolute))
        check.error(check.where(slot),
                    "':" + std::string(slot_names[static_cast<std::size_t>(slot)]) +
                        "' needs ':bytimerelative' or ':bytimeabsolute'");
}
void check_mode(CallCheck& check) {
    check_value(check, Slot::by_mode, is_mode, bad_mode);
    check_has_time(check, Slot::by_mode);
}
void check_trace(CallCheck& check) {
    check_has_time(check, Slot::by_trace);
}
void check_zone(CallCheck& check) {
    check.each_literal(Slot::zone, [&](std::string_view zone, Range where) {
        if (!read_zone(zone))
            check.error(where, "'" + printable(zone) + "' is no time zone of the form +hhmm");
    });
}

// The value in upper case, as the protocol's examples have it.
std::string checked(Run& run, const Arguments& arguments, Slot slot, bool (*good)(std::string_view),
                    Complaint complaint) {
    std::string text(arguments.string(slot).text);
    if (!good(text)) run.fail(complaint(text));
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

constexpr std::string_view on_envelope[] = {"envelope"};
constexpr std::string_view on_redirect[] = {"redirect"};
constexpr TagSpec zone_tag[] = {{.name = "zone",
                                 .slot = Slot::zone,
                                 .value = ValueKind::string,
                                 .words = on_envelope,
                                 .check = check_zone}};
constexpr TagSpec dsn_tags[] = {
    {.name = "notify",
     .slot = Slot::dsn_notify,
     .value = ValueKind::string,
     .words = on_redirect,
     .check = check_notify},
    {.name = "ret",
     .slot = Slot::dsn_return,
     .value = ValueKind::string,
     .words = on_redirect,
     .check = check_return},
};
constexpr TagSpec by_tags[] = {
    {.name = "bytimerelative",
     .slot = Slot::by_time,
     .value = ValueKind::number,
     .words = on_redirect,
     .excludes = Slot::by_time},
    {.name = "bytimeabsolute",
     .slot = Slot::by_time_absolute,
     .value = ValueKind::string,
     .words = on_redirect,
     .excludes = Slot::by_time,
     .check = check_time},
    {.name = "bymode",
     .slot = Slot::by_mode,
     .value = ValueKind::string,
     .words = on_redirect,
     .check = check_mode},
    {.name = "bytrace", .slot = Slot::by_trace, .words = on_redirect, .check = check_trace},
};

}  // namespace

const ReportPart* report_part(std::string_view name) {
    const auto found = std::ranges::find_if(
        parts, [&](const ReportPart& part) { return iequals(part.name, name); });
    return found == std::end(parts) ? nullptr : found;
}

void read_report_tags(Run& run, const Arguments& arguments, Redirect& redirect) {
    if (arguments.has(Slot::dsn_notify))
        redirect.dsn.notify = checked(run, arguments, Slot::dsn_notify, is_notify, bad_notify);
    if (arguments.has(Slot::dsn_return))
        redirect.dsn.ret = checked(run, arguments, Slot::dsn_return, is_return, bad_return);
    const std::int64_t now = run.host().now().unix_seconds;
    DeliverBy by{.at = now, .returns = true, .trace = arguments.has(Slot::by_trace)};
    if (arguments.has(Slot::by_mode))
        by.returns = checked(run, arguments, Slot::by_mode, is_mode, bad_mode) == "RETURN";
    if (arguments.has(Slot::by_time)) {
        by.at += static_cast<std::int64_t>(
            std::min(arguments.number(Slot::by_time), static_cast<std::uint64_t>(most_by_seconds)));
    } else if (arguments.has(Slot::by_time_absolute)) {
        const std::string_view text = arguments.string(Slot::by_time_absolute).text;
        const auto at = read_date_time(text);
        if (!at) run.fail(bad_time(text));
        by.at = std::clamp(*at, now - most_by_seconds, now + most_by_seconds);
    } else {
        return;
    }
    redirect.deliver_by = by;
}

const Extension extension::envelope_dsn{
    .name = envelope_dsn_name, .rfc = "RFC 6009", .enabled = Enabled::when_configured};
const Extension extension::envelope_deliverby{.name = envelope_deliverby_name,
                                              .rfc = "RFC 6009",
                                              .enabled = Enabled::when_configured,
                                              .tags = zone_tag};
const Extension extension::redirect_dsn{.name = "redirect-dsn",
                                        .rfc = "RFC 6009",
                                        .enabled = Enabled::when_configured,
                                        .tags = dsn_tags};
const Extension extension::redirect_deliverby{.name = "redirect-deliverby",
                                              .rfc = "RFC 6009",
                                              .enabled = Enabled::when_configured,
                                              .tags = by_tags};

}  // namespace sieve
