// SPDX-License-Identifier: MIT
// environment (RFC 5183), and Pigeonhole's vnd.dovecot.environment: items of its own, and the
// variable namespace "env." for all items. The host knows the values.
#include "sieve/extension/environment.h"

#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

constexpr std::string_view own_prefix = "vnd.dovecot.";
constexpr std::string_view own_extension = "vnd.dovecot.environment";

std::optional<std::string> item(Run& run, std::string_view name) {
    std::string key = lower(name);
    if (key.starts_with(own_prefix) && !run.uses(own_extension)) return std::nullopt;
    return run.host().environment(key);
}

// RFC 5183 §4: an item that is not known makes the test false, whatever the match type.
bool test_environment(Run& run, const Arguments& arguments) {
    const std::string_view name = arguments.string(Slot::first).text;
    const auto value = item(run, name);
    if (!value) return false;
    Matching matching(run, arguments, Slot::second);
    return matching.value(*value, name) || matching.finish();
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "environment",
     .kind = WordKind::test,
     .arguments = arguments,
     .groups = Group::match,
     .test = test_environment},
};
constexpr std::string_view own_implies[] = {"environment"};

}  // namespace

std::string environment_variable(Run& run, std::string_view name) {
    std::string key(name);
    std::ranges::replace(key, '_', '-');
    return item(run, key).value_or("");
}

const Extension extension::environment{.name = "environment", .rfc = "RFC 5183", .words = words};
const Extension extension::dovecot_environment{.name = own_extension,
                                               .rfc = "Pigeonhole",
                                               .enabled = Enabled::when_configured,
                                               .implies = own_implies};

}  // namespace sieve
