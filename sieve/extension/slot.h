// SPDX-License-Identifier: MIT
// Where an argument of a command or test goes. Positional arguments have the first three; each tag
// says its own. A slot is filled at most once in a call. The numbers stand in binaries: add new
// ones before `count`.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sieve {

enum class Slot : std::uint8_t {
    first,
    second,
    third,
    match,         // constant: MatchType, with the Relation in the second octet
    comparator,    // constant: Comparator
    address_part,  // constant: AddressPart
    index,
    last,
    over,  // constant: 1 for size :over, 0 for :under
    copy,
    create,
    flags,
    variable,  // constant: where a value goes
    modifier_40,
    modifier_30,
    modifier_20,
    modifier_15,
    modifier_10,
    transform,  // constant: body's BodyTransform
    content_types,
    zone,
    original_zone,
    days,
    seconds,
    subject,
    from,
    addresses,
    mime,
    handle,
    header,
    unique_id,
    try_,
    value,
    percent,
    place,  // constant: ScriptPlace
    once,
    optional,
    importance,
    options,
    message,
    method,
    id,
    id_is,
    id_contains,
    id_matches,
    special_use,
    input,
    input_message,
    output,  // constant: the variable
    name,
    first_characters,
    any_child,
    mime_option,
    parameters,
    list,
    headers,
    fcc,
    mailbox_id,
    headers_only,
    dsn_notify,
    dsn_return,
    by_time,
    by_time_absolute,
    by_mode,
    by_trace,
    mismatch,
    append,
    smtp,
    folder,
    mailbox,
    extension,
    count
};
inline constexpr std::size_t slot_count = static_cast<std::size_t>(Slot::count);

// For listings.
inline constexpr std::array<std::string_view, slot_count> slot_names{
    "first",        "second",      "third",
    "match",        "comparator",  "address_part",
    "index",        "last",        "over",
    "copy",         "create",      "flags",
    "variable",     "modifier_40", "modifier_30",
    "modifier_20",  "modifier_15", "modifier_10",
    "transform",    "content",     "zone",
    "originalzone", "days",        "seconds",
    "subject",      "from",        "addresses",
    "mime",         "handle",      "header",
    "uniqueid",     "try",         "value",
    "percent",      "place",       "once",
    "optional",     "importance",  "options",
    "message",      "method",      "id",
    "is",           "contains",    "matches",
    "specialuse",   "input",       "pipe",
    "output",       "name",        "firstcharacters",
    "anychild",     "mimeoption",  "param",
    "list",         "headers",     "fcc",
    "mailboxid",    "headersonly", "notify",
    "ret",          "bytime",      "bytimeabsolute",
    "bymode",       "bytrace",     "mismatch",    "append",
    "smtp", "folder", "mailbox", "extension"};
static_assert(std::ranges::none_of(slot_names, &std::string_view::empty), "each slot has a name");

// The positional slot number i.
constexpr Slot positional(std::size_t i) {
    return static_cast<Slot>(i);
}
inline constexpr std::size_t max_positional = 3;

}  // namespace sieve
