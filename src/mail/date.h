// SPDX-License-Identifier: MIT
// Dates of header fields: RFC 5322 §3.3 with the obsolete zones and years of §4.3 and what the wild
// writes. Pure functions; the time zone of the machine never takes part.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mail {

struct Date {
    std::int64_t unix_seconds = 0;
    int zone_minutes = 0;       // east of UTC
    bool zone_unknown = false;  // "-0000" or a zone without a known meaning (RFC 5322 §3.3)
    bool operator==(const Date&) const = default;
};

// A raw field value (folds, comments and a missing day name are fine). Nothing where it is no date.
std::optional<Date> parse_date(std::string_view value);

// "Sat, 21 Nov 2026 22:54:58 +0100", for Date and Received.
std::string format_date(const Date& date);

// The parts of a moment in its zone.
struct CalendarTime {
    int year = 1970;
    int month = 1;  // 1..12
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int weekday = 4;  // 0 is Sunday
};
CalendarTime calendar_time(std::int64_t unix_seconds, int zone_minutes);
// Days since 1970-01-01 in the Gregorian calendar.
std::int64_t days_from_civil(int year, int month, int day);

}  // namespace mail
