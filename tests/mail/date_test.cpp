// SPDX-License-Identifier: MIT
#include "mail/date.h"

#include <catch2/catch.hpp>

TEST_CASE("dates are read") {
    struct Case {
        std::string name;
        std::string value;
        std::string read;  // as written again
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5322 A.1.1", "Fri, 21 Nov 1997 09:55:06 -0600", "Fri, 21 Nov 1997 09:55:06 -0600"},
        {"RFC 5322 A.5 comments and folds",
         "Thu,\n      13\n        Feb\n          1969\n      23:32\n               -0330 "
         "(Newfoundland "
         "Time)",
         "Thu, 13 Feb 1969 23:32:00 -0330"},
        {"RFC 5322 A.6.2 two-digit year and zone name", "21 Nov 97 09:55:06 GMT",
         "Fri, 21 Nov 1997 09:55:06 +0000"},
        {"RFC 5322 A.6.3 white space and comments",
         "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "Fri, 21 Nov 1997 09:55:06 -0600"},
        {"RFC 5322 §3.3 leap second", "Sat, 31 Dec 2016 23:59:60 +0000",
         "Sun, 01 Jan 2017 00:00:00 +0000"},
        {"RFC 5322 §3.3 no zone known", "Sat, 21 Nov 2026 22:54:58 -0000",
         "Sat, 21 Nov 2026 22:54:58 -0000"},
        {"RFC 5322 §4.3 year 49", "1 Jan 49 00:00 UT", "Fri, 01 Jan 2049 00:00:00 +0000"},
        {"RFC 5322 §4.3 year 50", "1 Jan 50 00:00 UT", "Sun, 01 Jan 1950 00:00:00 +0000"},
        {"RFC 5322 §4.3 year 103", "1 Jan 103 00:00 UT", "Wed, 01 Jan 2003 00:00:00 +0000"},
        {"RFC 5322 §4.3 EDT", "1 Jul 2020 12:00 EDT", "Wed, 01 Jul 2020 12:00:00 -0400"},
        {"RFC 5322 §4.3 pst", "1 Jul 2020 12:00 pst", "Wed, 01 Jul 2020 12:00:00 -0800"},
        {"RFC 5322 §4.3 Z", "1 Jul 2020 12:00 Z", "Wed, 01 Jul 2020 12:00:00 +0000"},
        {"RFC 5322 §4.3 military", "1 Jul 2020 12:00 A", "Wed, 01 Jul 2020 12:00:00 -0000"},
        {"RFC 5322 §4.3 other name", "1 Jul 2020 12:00 CEST", "Wed, 01 Jul 2020 12:00:00 -0000"},
        {"no zone", "1 Jul 2020 12:00:01", "Wed, 01 Jul 2020 12:00:01 -0000"},
        {"wrong day name", "Mon, 1 Jul 2020 12:00 +0200", "Wed, 01 Jul 2020 12:00:00 +0200"},
        {"no comma", "Wed 1 Jul 2020 12:00 +0200", "Wed, 01 Jul 2020 12:00:00 +0200"},
        {"full names", "Wednesday, 1 July 2020 12:00 +0200", "Wed, 01 Jul 2020 12:00:00 +0200"},
        {"hyphens", "Wed, 01-Jul-2020 12:00:00 GMT", "Wed, 01 Jul 2020 12:00:00 +0000"},
        {"ctime", "Wed Jul  1 12:00:00 2020", "Wed, 01 Jul 2020 12:00:00 -0000"},
        {"month first without day name", "Jul 1 12:00:00 2020 +0100",
         "Wed, 01 Jul 2020 12:00:00 +0100"},
        {"zone with colon", "1 Jul 2020 12:00 +05:30", "Wed, 01 Jul 2020 12:00:00 +0530"},
        {"GMT with offset", "1 Jul 2020 12:00 GMT+0100", "Wed, 01 Jul 2020 12:00:00 +0100"},
        {"leap day", "29 Feb 2000 00:00 +0000", "Tue, 29 Feb 2000 00:00:00 +0000"},
        {"far future", "31 Dec 9999 23:59:59 +0000", "Fri, 31 Dec 9999 23:59:59 +0000"},
        {"long ago", "1 Jan 0001 00:00 +0000", "Mon, 01 Jan 0001 00:00:00 +0000"},
        {"no such day", "30 Feb 2000 00:00 +0000", ""},
        {"no leap year", "29 Feb 1900 00:00 +0000", ""},
        {"hour 24", "1 Jan 2000 24:00 +0000", ""},
        {"minute 60", "1 Jan 2000 00:60 +0000", ""},
        {"day 0", "0 Jan 2000 00:00 +0000", ""},
        {"no time", "1 Jan 2000", ""},
        {"no month", "1 Foo 2000 00:00", ""},
        {"words", "yesterday", ""},
        {"a comment cut off after a backslash", "(\\", ""},
        {"digits without end", "99999999999999 Jan 2000 00:00", ""},
        {"nothing", "", ""},
    }));
    CAPTURE(row.name);
    std::optional<mail::Date> date = mail::parse_date(row.value);
    CHECK((date ? mail::format_date(*date) : "") == row.read);
}

TEST_CASE("a date is a moment") {
    CHECK(mail::parse_date("Fri, 21 Nov 1997 09:55:06 -0600")->unix_seconds == 880127706);
    CHECK(mail::parse_date("1 Jan 1970 00:00 +0000")->unix_seconds == 0);
    CHECK(mail::parse_date("1 Jan 1970 00:00 +0100")->unix_seconds == -3600);
    CHECK(mail::parse_date("x") == std::nullopt);
}

TEST_CASE("calendar and days agree through the centuries") {
    for (std::int64_t day = -720'000; day < 3'000'000; day += 97) {
        const mail::CalendarTime time = mail::calendar_time(day * 86'400 + 3'661, 0);
        CAPTURE(day);
        REQUIRE(mail::days_from_civil(time.year, time.month, time.day) == day);
        REQUIRE(time.weekday == ((day + 4) % 7 + 7) % 7);
        REQUIRE(time.hour * 3600 + time.minute * 60 + time.second == 3'661);
    }
}
