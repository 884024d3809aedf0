// SPDX-License-Identifier: MIT
#include "config/value.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

namespace config {
namespace {

using Error = base::Unexpected<std::string>;

Error error(std::string_view text, std::string_view value) {
    return {std::string(text) + base::printable(value)};
}

// Digits at the front of `text`, cut off from it.
std::string_view take_digits(std::string_view& text) {
    std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    std::string_view digits = text.substr(0, end);
    text.remove_prefix(end);
    return digits;
}

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
// A prefix of a name names the unit; the first match counts, so "m" is minutes.
constexpr Unit time_units[] = {{"secs", 1000},       {"seconds", 1000},  {"mins", 60000},
                               {"minutes", 60000},   {"hours", 3600000}, {"days", 86400000},
                               {"weeks", 604800000}, {"msecs", 1},       {"mseconds", 1},
                               {"millisecs", 1},     {"milliseconds", 1}};

}  // namespace

base::Result<bool, std::string> parse_boolean(std::string_view text) {
    if (base::iequals(text, "yes") || base::iequals(text, "y") || text == "1") return true;
    if (base::iequals(text, "no")) return false;
    return Error{"Invalid boolean value: " + base::printable(text) + " (use yes or no)"};
}

base::Result<std::uint32_t, std::string> parse_number(std::string_view text) {
    if (auto number = base::parse_number<std::uint32_t>(text)) return *number;
    return Error{"Invalid number " + base::printable(text) + ": Not a valid number"};
}

base::Result<std::uint32_t, std::string> parse_mode(std::string_view text) {
    auto number = base::parse_number<std::uint32_t>(text, text.starts_with('0') ? 8 : 10);
    if (number) return *number;
    return error("Invalid number: ", text);
}

base::Result<std::uint64_t, std::string> parse_size(std::string_view text) {
    std::string_view rest = text;
    auto amount = base::parse_number<std::uint64_t>(take_digits(rest));
    rest = base::trim(rest);
    unsigned shift = 0;
    if (!rest.empty()) {
        constexpr std::string_view letters = "BKMGT";
        std::size_t at = letters.find(base::ascii_upper(rest.front()));
        std::string_view tail = rest.substr(1);
        bool tail_fits = tail.empty() || base::iequals(tail, "B") || base::iequals(tail, "i") ||
                         base::iequals(tail, "iB");
        if (at == std::string_view::npos || !tail_fits) return error("Invalid size: ", text);
        shift = static_cast<unsigned>(at) * 10;
    }
    if (!amount)
        return error(
            text.find_first_of("0123456789") == 0 ? "Size is too large: " : "Invalid size: ", text);
    if (*amount > (std::numeric_limits<std::uint64_t>::max() >> shift))
        return error("Size is too large: ", text);
    return *amount << shift;
}

base::Result<std::chrono::milliseconds, std::string> parse_time(std::string_view text,
                                                                Milliseconds milliseconds) {
    std::string_view rest = text;
    std::string_view digits = take_digits(rest);
    if (digits.empty()) return error("Invalid time interval: ", text);
    auto amount = base::parse_number<std::int64_t>(digits);
    if (!amount || *amount > std::numeric_limits<std::uint32_t>::max())
        return error("Time interval is too large: ", text);
    rest = base::trim(rest);
    if (rest.empty()) {
        if (*amount == 0) return std::chrono::milliseconds(0);
        return Error{"Time interval '" + base::printable(text) +
                     "' is missing units (add e.g. 's' for seconds)"};
    }
    for (const Unit& unit : time_units) {
        if (!base::istarts_with(unit.name, rest)) continue;
        if (unit.milliseconds == 1 && milliseconds == Milliseconds::refused &&
            *amount % 1000 != 0) {
            return error("Milliseconds not supported for this setting: ", text);
        }
        return std::chrono::milliseconds(*amount * unit.milliseconds);
    }
    return error("Invalid time interval: ", text);
}

std::string check_value(const Setting& setting, std::string_view value) {
    auto error_of = [](const auto& result) { return result ? std::string() : result.error(); };
    switch (setting.type) {
        case Type::text:
        case Type::template_text:
        case Type::file:
            return {};
        case Type::boolean:
            return error_of(parse_boolean(value));
        case Type::number:
            return error_of(parse_number(value));
        case Type::octal:
            return error_of(parse_mode(value));
        case Type::size:
            return error_of(parse_size(value));
        case Type::time:
            return error_of(parse_time(value, Milliseconds::refused));
        case Type::milliseconds:
            return error_of(parse_time(value, Milliseconds::allowed));
        case Type::one_of: {
            auto choices = base::words(setting.choices);
            bool known = std::find(choices.begin(), choices.end(), value) != choices.end();
            return known ? std::string() : "Invalid value: " + base::printable(value);
        }
        case Type::port: {
            auto port = base::parse_number<std::uint16_t>(value);
            return port ? std::string() : "Invalid port number " + base::printable(value);
        }
    }
    return {};
}

namespace {

std::string shown_size(std::uint64_t bytes) {
    if (bytes == 0) return "0";
    constexpr std::string_view units = "BkMGT";
    std::size_t unit = 0;
    while (unit + 1 < units.size() && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return std::to_string(bytes) + ' ' + units[unit];
}

std::string shown_time(std::chrono::milliseconds time) {
    auto amount = time.count();
    if (amount == 0) return "0";
    if (amount % 1000 != 0) return std::to_string(amount) + " ms";
    amount /= 1000;
    struct Step {
        std::int64_t factor;
        std::string_view name;
    };
    constexpr Step steps[] = {{60, "mins"}, {60, "hours"}, {24, "days"}, {7, "weeks"}};
    std::string_view name = "secs";
    for (const Step& step : steps) {
        if (amount % step.factor != 0) break;
        amount /= step.factor;
        name = step.name;
    }
    return std::to_string(amount) + " " + std::string(name);
}

}  // namespace

std::string shown_value(const Setting& setting, std::string_view value) {
    switch (setting.type) {
        case Type::boolean:
            if (auto truth = parse_boolean(value)) return *truth ? "yes" : "no";
            break;
        case Type::number:
        case Type::port:
            if (auto number = parse_number(value)) return std::to_string(*number);
            break;
        case Type::octal:
            if (auto mode = parse_mode(value)) {
                std::array<char, 16> text{};
                std::snprintf(text.data(), text.size(), "0%o", *mode);
                return text.data();
            }
            break;
        case Type::size:
            if (auto size = parse_size(value)) return shown_size(*size);
            break;
        case Type::time:
        case Type::milliseconds:
            if (auto time = parse_time(value, Milliseconds::allowed)) return shown_time(*time);
            break;
        case Type::text:
        case Type::template_text:
        case Type::one_of:
        case Type::file:
            break;
    }
    return std::string(value);
}

}  // namespace config
