// SPDX-License-Identifier: MIT
// relational (RFC 5231): the match types :value and :count.
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

std::optional<std::uint32_t> translate(CallCheck& check, std::string_view text,
                                       match::MatchType type) {
    if (const auto relation = match::relation_named(text)) return match_constant(type, *relation);
    check.error(check.here(),
                "'" + printable(text) + "' is none of the relations gt, ge, lt, le, eq, ne");
    return std::nullopt;
}

std::optional<std::uint32_t> translate_value(CallCheck& check, std::string_view text) {
    return translate(check, text, match::MatchType::value);
}
std::optional<std::uint32_t> translate_count(CallCheck& check, std::string_view text) {
    return translate(check, text, match::MatchType::count);
}

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "value", .slot = Slot::match, .translate = translate_value, .groups = Group::match, .constants = match_constants},
    {.name = "count", .slot = Slot::match, .translate = translate_count, .groups = Group::match, .constants = match_constants},
};
// clang-format on

}  // namespace

const Extension extension::relational{.name = "relational", .rfc = "RFC 5231", .tags = tags};

}  // namespace sieve
