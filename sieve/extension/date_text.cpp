// SPDX-License-Identifier: MIT
#include "sieve/extension/date_text.h"

#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace sieve {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

constexpr int max_comment_depth = 32;

// Reads what a date is made of; any failure sticks.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    void skip() {
        int depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(' && depth < max_comment_depth)
                ++depth;
            else if (c == ')' && depth > 0)
                --depth;
            else if (depth > 0 && c == '\\')
                ++at_;
            else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n')
                return;
        }
    }
    bool literal(char c) {
        skip();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    std::string_view word() {
        skip();
        const std::size_t begin = at_;
        while (at_ < text_.size() && ascii_lower(text_[at_]) >= 'a' &&
               ascii_lower(text_[at_]) <= 'z')
            ++at_;
        return text_.substr(begin, at_ - begin);
    }
    // The number of its digits, 0 for none; at most four count.
    std::size_t number(int& value) {
        skip();
        const char* begin = text_.data() + std::min(at_, text_.size());
        const char* limit =
            begin + std::min<std::size_t>(4, text_.size() - std::min(at_, text_.size()));
        if (begin == limit || *begin < '0' || *begin > '9') return 0;
        const auto [end, error] = std::from_chars(begin, limit, value);
        at_ += static_cast<std::size_t>(end - begin);
        return static_cast<std::size_t>(end - begin);
    }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

// RFC 5322 §4.3: the named zones; military letters and unknown names mean nothing more than UTC.
int named_zone(std::string_view name) {
    struct Row {
        std::string_view name;
        int hours;
    };
    constexpr std::array<Row, 8> rows{{{"EST", -5},
                                       {"EDT", -4},
                                       {"CST", -6},
                                       {"CDT", -5},
                                       {"MST", -7},
                                       {"MDT", -6},
                                       {"PST", -8},
                                       {"PDT", -7}}};
    for (const Row& row : rows)
        if (iequals(row.name, name)) return row.hours * 60;
    return 0;
}

std::optional<int> zone(Reader& reader) {
    const bool east = reader.literal('+');
    if (!east && !reader.literal('-')) return named_zone(reader.word());
    int value = 0;
    if (reader.number(value) != 4) return 0;  // no zone: as if unknown (RFC 5322 §4.3)
    if (value % 100 > 59) return std::nullopt;
    const int minutes = value / 100 * 60 + value % 100;
    return east ? minutes : -minutes;
}

struct Clock {
    int hour = 0;
    int minute = 0;
    int second = 0;
};

std::optional<Clock> clock(Reader& reader) {
    Clock time;
    if (reader.number(time.hour) == 0 || !reader.literal(':') || reader.number(time.minute) == 0)
        return std::nullopt;
    if (reader.literal(':') && reader.number(time.second) == 0) return std::nullopt;
    if (time.hour > 23 || time.minute > 59 || time.second > 60) return std::nullopt;
    time.second = std::min(time.second, 59);  // a leap second stays in its day and year
    return time;
}

// The date taken apart at its own zone.
struct Civil {
    std::chrono::year_month_day day;
    std::int64_t days = 0;  // since 1970-01-01
    int hour = 0;
    int minute = 0;
    int second = 0;
    unsigned weekday = 0;
    int zone = 0;
};

Civil civil(const DateTime& date) {
    using namespace std::chrono;
    Civil result;
    const std::int64_t local = date.unix_seconds + std::int64_t{date.zone_minutes} * 60;
    const std::int64_t in_day = (local % 86400 + 86400) % 86400;
    result.days = (local - in_day) / 86400;
    const sys_days day{days{result.days}};
    result.day = year_month_day(day);
    result.weekday = weekday(day).c_encoding();
    result.hour = static_cast<int>(in_day / 3600);
    result.minute = static_cast<int>(in_day / 60 % 60);
    result.second = static_cast<int>(in_day % 60);
    result.zone = date.zone_minutes;
    return result;
}

template <typename... Values>
std::string print(const char* form, Values... values) {
    char text[64];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

int year(const Civil& c) {
    return static_cast<int>(c.day.year());
}
unsigned month(const Civil& c) {
    return static_cast<unsigned>(c.day.month());
}
unsigned day(const Civil& c) {
    return static_cast<unsigned>(c.day.day());
}

std::string zone_text(const Civil& c, const char* form) {
    const int minutes = std::abs(c.zone);
    return print(form, c.zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
std::string date_text(const Civil& c) {
    return print("%04d-%02u-%02u", year(c), month(c), day(c));
}
std::string time_text(const Civil& c) {
    return print("%02d:%02d:%02d", c.hour, c.minute, c.second);
}

struct Part {
    std::string_view name;
    std::string (*text)(const Civil&);
};
constexpr std::int64_t modified_julian_epoch = 40587;  // 1970-01-01 as a Modified Julian Day

constexpr std::array<Part, 13> parts{{
    {"year", [](const Civil& c) { return print("%04d", year(c)); }},
    {"month", [](const Civil& c) { return print("%02u", month(c)); }},
    {"day", [](const Civil& c) { return print("%02u", day(c)); }},
    {"date", date_text},
    {"julian", [](const Civil& c) { return std::to_string(c.days + modified_julian_epoch); }},
    {"hour", [](const Civil& c) { return print("%02d", c.hour); }},
    {"minute", [](const Civil& c) { return print("%02d", c.minute); }},
    {"second", [](const Civil& c) { return print("%02d", c.second); }},
    {"time", time_text},
    {"iso8601",
     [](const Civil& c) {
         return date_text(c) + "T" + time_text(c) +
                (c.zone == 0 ? "Z" : zone_text(c, "%c%02d:%02d"));
     }},
    {"std11",
     [](const Civil& c) {
         return std::string(weekdays[c.weekday]) + ", " + print("%02u ", day(c)) +
                std::string(months[month(c) - 1]) + print(" %04d ", year(c)) + time_text(c) + " " +
                zone_text(c, "%c%02d%02d");
     }},
    {"zone", [](const Civil& c) { return zone_text(c, "%c%02d%02d"); }},
    {"weekday", [](const Civil& c) { return print("%u", c.weekday); }},
}};

const Part* find_part(std::string_view name) {
    const auto at =
        std::ranges::find_if(parts, [&](const Part& part) { return iequals(part.name, name); });
    return at == parts.end() ? nullptr : &*at;
}

}  // namespace

std::optional<DateTime> read_date(std::string_view text) {
    if (const std::size_t semicolon = text.rfind(';'); semicolon != std::string_view::npos)
        text.remove_prefix(semicolon + 1);
    Reader reader(text);
    if (!reader.word().empty() && !reader.literal(',')) return std::nullopt;
    int day_number = 0;
    if (reader.number(day_number) == 0) return std::nullopt;
    const std::string_view name = reader.word();
    const auto month_at = std::ranges::find_if(
        months, [&](std::string_view each) { return iequals(each, name.substr(0, 3)); });
    if (month_at == months.end()) return std::nullopt;
    int year_number = 0;
    const std::size_t digits = reader.number(year_number);
    // RFC 5322 §4.3.
    if (digits < 2) return std::nullopt;
    if (digits == 2) year_number += year_number < 50 ? 2000 : 1900;
    if (digits == 3) year_number += 1900;
    if (year_number < 1900) return std::nullopt;  // RFC 5322 §3.3
    const auto time = clock(reader);
    const auto offset = time ? zone(reader) : std::nullopt;
    if (!offset) return std::nullopt;

    using namespace std::chrono;
    const year_month_day date{
        std::chrono::year{year_number},
        std::chrono::month{static_cast<unsigned>(month_at - months.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(day_number)}};
    if (!date.ok()) return std::nullopt;
    const std::int64_t days_since = sys_days(date).time_since_epoch().count();
    const std::int64_t seconds =
        days_since * 86400 + time->hour * 3600 + time->minute * 60 + time->second;
    return DateTime{seconds - std::int64_t{*offset} * 60, *offset};
}

std::optional<int> read_zone(std::string_view text) {
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    int value = 0;
    for (char c : text.substr(1)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value % 100 > 59) return std::nullopt;
    const int minutes = value / 100 * 60 + value % 100;
    return text[0] == '+' ? minutes : -minutes;
}

std::optional<std::string> date_part(const DateTime& date, std::string_view part) {
    const Part* row = find_part(part);
    if (row == nullptr) return std::nullopt;
    return row->text(civil(date));
}

bool is_date_part(std::string_view name) {
    return find_part(name) != nullptr;
}

}  // namespace sieve
