// SPDX-License-Identifier: MIT
// Dates as text: RFC 5322 §3.3 with its obsolete forms in, the parts of RFC 5260 §4.2 out.
#pragma once

#include "sieve/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace sieve {

// A date-time in a header field's value; where it has a semicolon (Received), behind the last one.
// Comments are skipped, two- and three-digit years and zone names understood. Nothing if it is no
// date.
std::optional<DateTime> read_date(std::string_view text);
// "+hhmm" or "-hhmm", as minutes east.
std::optional<int> read_zone(std::string_view text);

// The part of that name (ASCII case ignored) at the date's own zone; nothing if it has no such
// part.
std::optional<std::string> date_part(const DateTime& date, std::string_view part);
bool is_date_part(std::string_view name);

}  // namespace sieve
