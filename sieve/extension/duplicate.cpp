// SPDX-License-Identifier: MIT
// duplicate (RFC 7352), and Pigeonhole's older vnd.dovecot.duplicate. The host remembers ids; that
// this one was seen is an action that counts once the whole run has ended well (RFC 7352 §3).
#include "sieve/extension/field_name.h"
#include "sieve/extension/rows.h"
#include "sieve/hash.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace sieve {

namespace {

// Longer values are told apart by a hash of their rest.
constexpr std::size_t max_plain_id_bytes = 500;

// What is no field name is no error; the test is false (RFC 7352 §3.1).
void check_header(CallCheck& check) {
    check_field_names(check, Slot::header);
}

std::optional<std::string> first_value(Run& run, std::string_view name) {
    const std::vector<std::string>& values = run.message().raw_header(name);
    if (values.empty() || values.front().empty()) return std::nullopt;
    return values.front();
}

// What the message is known by; nothing where it has no such thing: then it is no duplicate.
std::optional<std::string> value_of(Run& run, const Arguments& arguments) {
    for (const Slot slot : {Slot::unique_id, Slot::value})
        if (arguments.has(slot)) return std::string(arguments.string(slot).text);
    if (arguments.has(Slot::header)) return first_value(run, arguments.string(Slot::header).text);
    return first_value(run, "Message-ID");
}

std::string id_of(const Arguments& arguments, std::string_view value) {
    std::string id = arguments.has(Slot::last) ? "duplicate :last" : "duplicate";
    id += '\0';
    // A handle sets its duplicates apart, also an empty one from none (RFC 7352 §3.1).
    if (arguments.has(Slot::handle)) (id += 'h') += arguments.string(Slot::handle).text;
    id += '\0';
    id += value;
    if (id.size() <= max_plain_id_bytes) return id;
    const std::uint64_t rest = hash64(std::string_view(id).substr(max_plain_id_bytes));
    id.resize(max_plain_id_bytes);
    return id + '\0' + std::to_string(rest);
}

bool test_duplicate(Run& run, const Arguments& arguments) {
    const auto value = value_of(run, arguments);
    if (!value || value->empty()) return false;
    run.looked_at("the id", *value);
    const std::string id = id_of(arguments, *value);
    const bool seen = run.host().seen_before(id);
    if (run.tracer().at(TraceLevel::tests))
        run.tracer().write(1, seen ? "message is a duplicate" : "message is not a duplicate");
    // Without :last the period counts from the first time (RFC 7352 §3.3).
    if (!seen || arguments.has(Slot::last)) {
        MarkSeen mark{id};
        if (arguments.has(Slot::handle)) mark.handle = arguments.string(Slot::handle).text;
        if (arguments.has(Slot::seconds))
            mark.period_seconds = static_cast<std::int64_t>(std::min<std::uint64_t>(
                arguments.number(Slot::seconds), std::numeric_limits<std::int64_t>::max()));
        run.deciding().mark_seen(run.origin(), std::move(mark));
    }
    if (seen) run.matched("duplicate", "", *value, "");
    return seen;
}

// clang-format off
constexpr TagSpec tags[] = {
    {.name = "handle", .slot = Slot::handle, .value = ValueKind::string},
    {.name = "header", .slot = Slot::header, .value = ValueKind::string, .excludes = Slot::unique_id,
     .check = check_header},
    {.name = "uniqueid", .slot = Slot::unique_id, .value = ValueKind::string, .excludes = Slot::unique_id},
    {.name = "seconds", .slot = Slot::seconds, .value = ValueKind::number},
    {.name = "last", .slot = Slot::last},
};
constexpr TagSpec old_tags[] = {
    {.name = "handle", .slot = Slot::handle, .value = ValueKind::string},
    {.name = "header", .slot = Slot::header, .value = ValueKind::string, .excludes = Slot::value,
     .check = check_header},
    {.name = "value", .slot = Slot::value, .value = ValueKind::string, .excludes = Slot::value},
    {.name = "seconds", .slot = Slot::seconds, .value = ValueKind::number},
    {.name = "last", .slot = Slot::last},
};
constexpr WordSpec words[] = {
    {.name = "duplicate", .kind = WordKind::test, .tags = tags, .test = test_duplicate},
};
constexpr WordSpec old_words[] = {
    {.name = "duplicate", .kind = WordKind::test, .tags = old_tags, .test = test_duplicate},
};
constexpr std::string_view old_name[] = {"vnd.dovecot.duplicate"};
constexpr std::string_view new_name[] = {"duplicate"};
// clang-format on

}  // namespace

const Extension extension::duplicate{
    .name = "duplicate", .rfc = "RFC 7352", .words = words, .conflicts = old_name};
const Extension extension::old_duplicate{.name = "vnd.dovecot.duplicate",
                                         .rfc = "Pigeonhole",
                                         .enabled = Enabled::when_configured,
                                         .words = old_words,
                                         .conflicts = new_name};

}  // namespace sieve
