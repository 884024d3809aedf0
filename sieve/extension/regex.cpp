// SPDX-License-Identifier: MIT
// regex (draft-ietf-sieve-regex): the match type :regex; and for set (RFC 5229) the modifier
// :quoteregex (draft-murchison-sieve-regex).
#include "sieve/match/regex.h"

#include "sieve/extension/rows.h"
#include "sieve/extension/set_modifier.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

using match::Comparator;
using match::MatchType;

// The keys are the last positional argument of every test that matches.
void check_regex(CallCheck& check) {
    const auto comparator = static_cast<Comparator>(
        check.constant(Slot::comparator, static_cast<std::uint32_t>(Comparator::ascii_casemap)));
    if (!match::supports(comparator, MatchType::regex))
        return check.error(check.where(Slot::match), "comparator '" +
                                                         std::string(match::name_of(comparator)) +
                                                         "' cannot be used with ':regex'");
    const Slot keys = positional(check.call().word->arguments.size() - 1);
    check.each_literal(keys, [&](std::string_view pattern, Range where) {
        std::string why;
        if (!match::Regex::compile(pattern, comparator, why))
            check.error(where, "invalid regular expression '" + printable(pattern) + "': " + why);
    });
}

constexpr TagSpec tags[] = {
    {.name = "regex",
     .slot = Slot::match,
     .constant = match_constant(MatchType::regex),
     .groups = Group::match,
     .check = check_regex,
     .constants = match_constants},
    {.name = "quoteregex",
     .slot = Slot::modifier_20,
     .constant = number(Modifier::quote_regex),
     .groups = Group::modifier,
     .constants = modifiers},
};

}  // namespace

const Extension extension::regex{.name = "regex", .rfc = "draft-ietf-sieve-regex", .tags = tags};

}  // namespace sieve
