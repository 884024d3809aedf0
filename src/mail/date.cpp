// SPDX-License-Identifier: MIT
#include "mail/date.h"

#include "base/text.h"

#include <fmt/format.h>

#include <array>

namespace mail {

namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed",
                                                      "Thu", "Fri", "Sat"};
constexpr std::int64_t seconds_per_day = 86'400;

struct Zone {
    std::string_view name;
    int minutes;
};
// RFC 5322 §4.3; the one-letter military ones but Z mean nothing certain there.
constexpr std::array zones = {Zone{"ut", 0},     Zone{"gmt", 0},    Zone{"utc", 0},
                              Zone{"z", 0},      Zone{"edt", -240}, Zone{"est", -300},
                              Zone{"cdt", -300}, Zone{"cst", -360}, Zone{"mdt", -360},
                              Zone{"mst", -420}, Zone{"pdt", -420}, Zone{"pst", -480}};

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return base::ascii_lower(c) >= 'a' && base::ascii_lower(c) <= 'z';
}

constexpr bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
constexpr int month_days(int year, int month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

class DateScanner {
  public:
    explicit DateScanner(std::string_view text) : text_(text) {}

    std::optional<Date> run() {
        skip_white();
        // A day name, unless it is the month that comes first ("Nov 21 22:54:58 2026").
        const std::size_t begin = at_;
        if (month_number(letters())) {
            at_ = begin;
        } else if (at_ > begin) {
            skip_white();
            if (skip(',') || skip('.')) skip_white();
        }
        const bool month_first = at_ < text_.size() && is_letter(text_[at_]);
        const bool read = month_first ? read_month() && read_day() && read_time() && read_year()
                                      : read_day() && read_month() && read_year() && read_time();
        if (!read || !is_real_date()) return std::nullopt;
        Date date;
        read_zone(date);
        date.unix_seconds = days_from_civil(year_, month_, day_) * seconds_per_day + hour_ * 3600 +
                            minute_ * 60 + second_ - date.zone_minutes * 60;
        return date;
    }

  private:
    // White space and comments (RFC 5322 §3.2.2).
    void skip_white() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '(')
                skip_comment();
            else if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
                ++at_;
            else
                return;
        }
    }

    void skip_comment() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == '(') {
                ++depth;
            } else if (text_[at_] == ')' && --depth == 0) {
                ++at_;
                return;
            }
        }
        at_ = text_.size();
    }

    bool skip(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    std::string_view letters() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_letter(text_[at_]))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }

    // A number of at most `max` digits, and how many it has.
    std::optional<int> number(std::size_t max) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_]))
            ++at_;
        digits_ = at_ - begin;
        if (digits_ == 0 || digits_ > max) return std::nullopt;
        return base::parse_number<int>(text_.substr(begin, digits_));
    }

    static std::optional<int> month_number(std::string_view name) {
        for (std::size_t i = 0; i < months.size(); ++i) {
            if (name.size() >= 3 && base::iequals(name.substr(0, 3), months[i]))
                return static_cast<int>(i) + 1;
        }
        return std::nullopt;
    }

    // "21 Nov 2026" and "21-Nov-2026".
    void skip_separator() {
        skip_white();
        if (skip('-') || skip(',')) skip_white();
    }

    bool read_day() {
        std::optional<int> day = number(2);
        if (!day) return false;
        day_ = *day;
        skip_separator();
        return true;
    }

    bool read_month() {
        std::optional<int> month = month_number(letters());
        if (!month) return false;
        month_ = *month;
        skip('.');
        skip_separator();
        return true;
    }

    bool read_year() {
        std::optional<int> year = number(4);
        if (!year || digits_ < 2) return false;
        year_ = *year;
        // RFC 5322 §4.3.
        if (digits_ == 2) year_ += year_ < 50 ? 2000 : 1900;
        if (digits_ == 3) year_ += 1900;
        skip_separator();
        return true;
    }

    bool read_time() {
        std::optional<int> hour = number(2);
        skip_white();
        if (!hour || !skip(':')) return false;
        skip_white();
        std::optional<int> minute = number(2);
        if (!minute) return false;
        hour_ = *hour;
        minute_ = *minute;
        skip_white();
        if (skip(':')) {
            skip_white();
            std::optional<int> second = number(2);
            if (!second) return false;
            second_ = *second;
            if (skip('.')) number(9);  // fractions exist in the wild
            skip_white();
        }
        return true;
    }

    bool is_real_date() const {
        return year_ >= 1 && day_ >= 1 && day_ <= month_days(year_, month_) && hour_ <= 23 &&
               minute_ <= 59 && second_ <= 60;
    }

    void read_zone(Date& date) {
        std::string_view name = letters();
        date.zone_unknown = true;
        for (const Zone& zone : zones) {
            if (base::iequals(zone.name, name)) {
                date.zone_minutes = zone.minutes;
                date.zone_unknown = false;
            }
        }
        const bool numeric = name.empty() || (!date.zone_unknown && date.zone_minutes == 0);
        if (!numeric || at_ >= text_.size() || (text_[at_] != '+' && text_[at_] != '-')) return;
        const bool west = text_[at_++] == '-';
        std::optional<int> value = number(4);
        if (!value) return;
        int hours = *value / 100;
        int minutes = *value % 100;
        if (digits_ <= 2) {
            hours = *value;
            minutes = skip(':') ? number(2).value_or(0) : 0;
        }
        if (minutes > 59) return;
        const int offset = hours * 60 + minutes;
        date.zone_minutes = west ? -offset : offset;
        date.zone_unknown = west && offset == 0;  // "-0000" (RFC 5322 §3.3)
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t digits_ = 0;
    int year_ = 0, month_ = 0, day_ = 0, hour_ = 0, minute_ = 0, second_ = 0;
};

}  // namespace

std::int64_t days_from_civil(int year, int month, int day) {
    // Years that begin in March have the leap day last.
    const std::int64_t y = month <= 2 ? std::int64_t{year} - 1 : year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

CalendarTime calendar_time(std::int64_t unix_seconds, int zone_minutes) {
    const std::int64_t local = unix_seconds + std::int64_t{zone_minutes} * 60;
    std::int64_t days = local / seconds_per_day;
    std::int64_t rest = local % seconds_per_day;
    if (rest < 0) {
        rest += seconds_per_day;
        --days;
    }
    CalendarTime time;
    time.hour = static_cast<int>(rest / 3600);
    time.minute = static_cast<int>(rest / 60 % 60);
    time.second = static_cast<int>(rest % 60);
    time.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    time.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    time.month =
        static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    time.year = static_cast<int>(year_of_era + era * 400 + (time.month <= 2 ? 1 : 0));
    return time;
}

std::optional<Date> parse_date(std::string_view value) {
    return DateScanner(value).run();
}

std::string format_date(const Date& date) {
    const CalendarTime time = calendar_time(date.unix_seconds, date.zone_minutes);
    const int zone = date.zone_minutes < 0 ? -date.zone_minutes : date.zone_minutes;
    const bool west = date.zone_minutes < 0 || date.zone_unknown;
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}",
                       weekdays[static_cast<std::size_t>(time.weekday)], time.day,
                       months[static_cast<std::size_t>(time.month - 1)], time.year, time.hour,
                       time.minute, time.second, west ? '-' : '+', zone / 60, zone % 60);
}

}  // namespace mail
