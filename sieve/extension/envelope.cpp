// SPDX-License-Identifier: MIT
// envelope (RFC 5228 §5.4), with Dovecot's own part "auth" and those that RFC 6009 adds.
#include "sieve/extension/address_part.h"
#include "sieve/extension/address_text.h"
#include "sieve/extension/delivery_report.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

enum class Part { from, to, auth };

std::optional<Part> part_named(std::string_view name) {
    if (iequals(name, "from")) return Part::from;
    if (iequals(name, "to")) return Part::to;
    if (iequals(name, "auth")) return Part::auth;
    return std::nullopt;
}

// RFC 6009 §4, §5.
std::string no_address(std::string_view name) {
    return "the envelope part '" + printable(name) + "' is no address and has no address part";
}

void check_envelope(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (part_named(name)) return;
        const ReportPart* part = report_part(name);
        if (part == nullptr)
            check.error(where, "unknown envelope part '" + printable(name) + "'");
        else if (!check.unit().active(part->extension))
            check.error(where, "the envelope part '" + printable(name) + "' needs: require \"" +
                                   std::string(part->extension) + "\"");
        else if (check.has(Slot::address_part))
            check.error(where, no_address(name));
    });
}

// What the test sees of an envelope value: without angle brackets, in parts where it is an address.
Address envelope_address(std::string_view value) {
    if (value.size() >= 2 && value.front() == '<' && value.back() == '>')
        value = value.substr(1, value.size() - 2);
    if (auto address = read_address(value)) return *std::move(address);
    Address other;
    other.local_part = value;
    other.text = value;
    // The null sender is an empty string in each of its parts (RFC 5228 §5.4); a user name alone
    // has no domain.
    return other;
}

// Whether a value of it matches.
bool test_report_part(Run& run, const Arguments& arguments, Matching& matching,
                      const ReportPart& part) {
    if (arguments.has(Slot::address_part)) run.fail(no_address(part.name));
    const auto values = part.values(run, arguments);
    if (!values) {
        run.found_nothing(part.name);
        return false;
    }
    return std::ranges::any_of(
        *values, [&](const std::string& value) { return matching.value(value, part.name); });
}

bool test_envelope(Run& run, const Arguments& arguments) {
    const AddressPart part = address_part_of(arguments);
    Matching matching(run, arguments, Slot::second);
    for (StringRef name : arguments.list(Slot::first)) {
        const auto which = part_named(name.text);
        if (!which) {
            const ReportPart* other = report_part(name.text);
            if (other != nullptr && run.uses(other->extension) &&
                test_report_part(run, arguments, matching, *other))
                return true;
            continue;
        }
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(1, "getting `" + lower(name.text) + "' part from message envelope");
        const Envelope& envelope = run.envelope();
        const std::optional<std::string>* value = nullptr;
        switch (*which) {
            case Part::from:
                value = &envelope.from;
                break;
            case Part::to:
                value = envelope.orig_to ? &envelope.orig_to : &envelope.to;
                break;
            case Part::auth:
                value = &envelope.auth;
                break;
        }
        if (!*value) {
            run.found_nothing(name.text);
            continue;
        }
        const Address address = envelope_address(**value);
        const auto text = part_of(address, part, run.settings().recipient_delimiter);
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(1, "extracting `" + std::string(name_of(part)) +
                                      "' part from address <" + printable(address.text) + ">");
        // Addresses are counted, whether or not they have the part; a null sender is none (RFC 5231
        // §4.2).
        if (matching.counts()) {
            if (!address.text.empty()) matching.value(address.text, name.text);
            continue;
        }
        if (text && matching.value(*text, name.text)) return true;
    }
    return matching.finish();
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list}, {.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "envelope",
     .kind = WordKind::test,
     .arguments = arguments,
     .groups = Group::match | Group::address_part,
     .check = check_envelope,
     .searched = Slot::second,
     .test = test_envelope},
};

}  // namespace

const Extension extension::envelope{.name = "envelope", .rfc = "RFC 5228", .words = words};

}  // namespace sieve
