// SPDX-License-Identifier: MIT
// The base language's rows (RFC 5228). What its tests and actions do stands in base_tests.cpp and
// base_actions.cpp.
#include "sieve/extension/base.h"

#include "sieve/extension/address_part.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/program/mistakes.h"

namespace sieve {

namespace {

using match::MatchType;

std::optional<std::uint32_t> translate_comparator(CallCheck& check, std::string_view name) {
    const auto comparator = match::comparator_named(name);
    const std::string extension = "comparator-" + std::string(name);
    if (!comparator) {
        check.error(check.here(),
                    "unknown comparator '" + printable(name) + "'" +
                        check.unit().spelling_hint([&] { return hint_for_comparator(name); }));
        return std::nullopt;
    }
    // RFC 5228 §2.7.3: these two need no require.
    if (*comparator != match::Comparator::octet &&
        *comparator != match::Comparator::ascii_casemap && !check.unit().active(extension)) {
        check.error(check.here(),
                    "comparator '" + std::string(name) + "' needs: require \"" + extension + "\"");
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*comparator);
}

void check_comparator(CallCheck& check) {
    const auto comparator = static_cast<match::Comparator>(check.constant(Slot::comparator, 0));
    const std::uint32_t type = check.constant(Slot::match, match_constant(MatchType::is));
    for (MatchType each : {MatchType::contains, MatchType::matches})
        if (type == match_constant(each) && !match::supports(comparator, each))
            check.error(check.where(Slot::match),
                        "comparator '" + std::string(match::name_of(comparator)) +
                            "' cannot be used with ':" + std::string(match::name_of(each)) + "'");
}

constexpr std::uint32_t comparators = 4;

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "is",         .slot = Slot::match, .constant = 0, .groups = Group::match, .constants = match_constants},
    {.name = "contains",   .slot = Slot::match, .constant = 1, .groups = Group::match, .constants = match_constants},
    {.name = "matches",    .slot = Slot::match, .constant = 2, .groups = Group::match, .constants = match_constants},
    {.name = "comparator", .slot = Slot::comparator, .translate = translate_comparator, .groups = Group::match,
     .check = check_comparator, .constants = comparators},
    {.name = "all",        .slot = Slot::address_part, .constant = 0, .groups = Group::address_part, .constants = address_parts},
    {.name = "localpart",  .slot = Slot::address_part, .constant = 1, .groups = Group::address_part, .constants = address_parts},
    {.name = "domain",     .slot = Slot::address_part, .constant = 2, .groups = Group::address_part, .constants = address_parts},
};

constexpr TagSpec size_tags[] = {
    {.name = "over",  .slot = Slot::over, .constant = 1},
    {.name = "under", .slot = Slot::over, .constant = 0},
};

constexpr ArgumentSpec one_list[] = {{.value = ValueKind::list}};
constexpr ArgumentSpec two_lists[] = {{.value = ValueKind::list}, {.value = ValueKind::list}};
constexpr ArgumentSpec one_number[] = {{.value = ValueKind::number}};
constexpr ArgumentSpec one_string[] = {{.value = ValueKind::string}};

constexpr WordSpec words[] = {
    {.name = "require", .kind = WordKind::command, .control = Control::require},
    {.name = "if",      .kind = WordKind::command, .control = Control::if_},
    {.name = "elsif",   .kind = WordKind::command, .control = Control::elsif},
    {.name = "else",    .kind = WordKind::command, .control = Control::else_},
    {.name = "stop",    .kind = WordKind::command, .control = Control::stop},
    {.name = "keep",    .kind = WordKind::command, .is_action = true,
     .trace_note = "store message in default mailbox", .command = do_keep},
    {.name = "discard", .kind = WordKind::command, .is_action = true,
     .trace_note = "cancel implicit keep", .command = do_discard},
    {.name = "redirect", .kind = WordKind::command, .arguments = one_string, .check = check_redirect,
     .is_action = true, .command = do_redirect},

    {.name = "true",    .kind = WordKind::test, .control = Control::true_},
    {.name = "false",   .kind = WordKind::test, .control = Control::false_},
    {.name = "not",     .kind = WordKind::test, .control = Control::not_},
    {.name = "allof",   .kind = WordKind::test, .control = Control::allof},
    {.name = "anyof",   .kind = WordKind::test, .control = Control::anyof},
    {.name = "address", .kind = WordKind::test, .arguments = two_lists,
     .groups = Group::match | Group::address_part | Group::index, .check = check_address, .searched = Slot::second,
     .test = test_address},
    {.name = "exists",  .kind = WordKind::test, .arguments = one_list, .check = check_exists, .test = test_exists},
    {.name = "header",  .kind = WordKind::test, .arguments = two_lists,
     .groups = Group::match | Group::index, .check = check_header, .searched = Slot::second, .test = test_header},
    {.name = "size",    .kind = WordKind::test, .arguments = one_number, .tags = size_tags,
     .check = check_size, .test = test_size},
};
// clang-format on

}  // namespace

const Extension extension::base{
    .name = "", .rfc = "RFC 5228", .enabled = Enabled::always, .words = words, .tags = tags};

const Extension extension::octet{
    .name = "comparator-i;octet", .rfc = "RFC 4790", .enabled = Enabled::always};
const Extension extension::ascii_casemap{
    .name = "comparator-i;ascii-casemap", .rfc = "RFC 4790", .enabled = Enabled::always};
const Extension extension::ascii_numeric{.name = "comparator-i;ascii-numeric", .rfc = "RFC 4790"};
const Extension extension::unicode_casemap{
    .name = "comparator-i;unicode-casemap", .rfc = "RFC 5051", .enabled = Enabled::always};
const Extension extension::encoded_character{.name = "encoded-character", .rfc = "RFC 5228"};

}  // namespace sieve
