// SPDX-License-Identifier: MIT
// What RFC 6009 adds to the envelope test and to redirect: parameters of SMTP that ask for delivery
// status notifications (RFC 3461) and for delivery in time (RFC 2852).
#pragma once

#include "sieve/action.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sieve {

class Arguments;
class CallCheck;
class Run;

// A part of the envelope that is no address.
struct ReportPart {
    std::string_view name;
    std::string_view extension;
    // Nothing where the message came without it.
    std::optional<std::vector<std::string>> (*values)(Run&, const Arguments&);
};
// Nothing where no extension has a part of that name (ASCII case ignored).
const ReportPart* report_part(std::string_view name);

// What the tags of a redirect ask for. The script fails where one's value cannot be.
void read_report_tags(Run& run, const Arguments& arguments, Redirect& redirect);

}  // namespace sieve
