// SPDX-License-Identifier: MIT
#include "sieve/extension/address_part.h"
#include "sieve/extension/base.h"
#include "sieve/extension/field_index.h"
#include "sieve/extension/field_name.h"
#include "sieve/extension/mime_test.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>

namespace sieve {

namespace {

// RFC 5228 §5.1 lets an implementation restrict the address test to fields that hold addresses.
constexpr std::array<std::string_view, 26> address_fields{
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "resent-from",
    "resent-to",
    "resent-reply-to",
    "resent-sender",
    "resent-cc",
    "resent-bcc",
    "for-approval",
    "for-handling",
    "for-comment",
    "apparently-to",
    "errors-to",
    "delivered-to",
    "return-receipt-to",
    "return-receipt-requested",
    "x-admin",
    "read-receipt-to",
    "x-confirm-reading-to",
    "registered-mail-reply-requested-by",
    "mail-followup-to",
    "mail-reply-to",
};
constexpr std::array<std::string_view, 5> more_address_fields{
    "abuse-reports-to", "x-complaints-to", "x-report-abuse-to", "x-beenthere", "x-original-to"};

bool holds_addresses(std::string_view name) {
    const auto same = [&](std::string_view each) { return iequals(each, name); };
    return std::ranges::any_of(address_fields, same) ||
           std::ranges::any_of(more_address_fields, same);
}

void trace_extract(Run& run, std::string_view name) {
    if (run.tracer().at(TraceLevel::matching))
        run.tracer().write(1, "extracting `" + printable(name) + "' headers from message");
}

}  // namespace

bool is_field_name(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

void check_field_names(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view name, Range where) {
        if (!is_field_name(name))
            check.warning(where, "'" + printable(name) + "' is no valid header field name");
    });
}

void check_header(CallCheck& check) {
    check_field_names(check, Slot::first);
}

bool test_header(Run& run, const Arguments& arguments) {
    if (arguments.has(Slot::mime)) return test_mime_header(run, arguments);
    Matching matching(run, arguments, Slot::second);
    FieldWindow window(arguments, [&](StringRef name) { return run.fields().header(name).size(); });
    for (StringRef name : arguments.list(Slot::first)) {
        trace_extract(run, name.text);
        const auto values = run.fields().header(name);
        const auto [begin, end] = window.next(values.size());
        if (begin == end) run.found_nothing(name.text);
        for (std::size_t i = begin; i < end; ++i)
            if (matching.value(values[i], name.text)) return true;
    }
    return matching.finish();
}

void check_exists(CallCheck& check) {
    check_field_names(check, Slot::first);
}

bool test_exists(Run& run, const Arguments& arguments) {
    if (arguments.has(Slot::mime)) return test_mime_exists(run, arguments);
    const bool traces = run.tracer().at(TraceLevel::matching);
    for (StringRef name : arguments.list(Slot::first)) {
        run.work().add(name.text.size());
        const bool exists = run.fields().exists(name);
        if (traces)
            run.tracer().write(
                1, "header `" + printable(name.text) + (exists ? "' exists" : "' is missing"));
        if (exists) continue;
        if (traces) run.tracer().write(1, "headers are missing");
        run.found_nothing(name.text);
        return false;
    }
    if (traces) run.tracer().write(1, "all headers exist");
    run.matched(arguments.word(), arguments.list(Slot::first)[0].text, {}, {});
    return true;
}

void check_address(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!holds_addresses(name))
            check.error(where,
                        "'" + printable(name) + "' is not a header field that holds addresses");
    });
}

bool match_addresses(Run& run, Matching& matching, const std::vector<Address>& addresses,
                     AddressPart part, std::string_view field) {
    for (const Address& address : addresses) {
        // Addresses are counted, whether or not they have the part (RFC 5231 §4.2).
        if (matching.counts()) {
            matching.value(address.text, field);
            continue;
        }
        // Without a domain it is no valid address, and only :all sees those (RFC 5228 §2.7.4).
        if (part != AddressPart::all && address.domain.empty()) continue;
        const auto value = part_of(address, part, run.settings().recipient_delimiter);
        if (!value) run.found_nothing(field);
        if (value && matching.value(*value, field)) return true;
    }
    return false;
}

bool test_address(Run& run, const Arguments& arguments) {
    if (arguments.has(Slot::mime)) return test_mime_address(run, arguments);
    const AddressPart part = address_part_of(arguments);
    Matching matching(run, arguments, Slot::second);
    FieldWindow window(arguments,
                       [&](StringRef name) { return run.fields().addresses(name).size(); });
    for (StringRef name : arguments.list(Slot::first)) {
        trace_extract(run, name.text);
        const auto& fields = run.fields().addresses(name);
        const auto [begin, end] = window.next(fields.size());
        if (begin == end) run.found_nothing(name.text);
        for (std::size_t i = begin; i < end; ++i)
            if (match_addresses(run, matching, fields[i], part, name.text)) return true;
    }
    return matching.finish();
}

void check_size(CallCheck& check) {
    if (!check.has(Slot::over)) check.error(check.call().where, "'size' needs ':over' or ':under'");
}

bool test_size(Run& run, const Arguments& arguments) {
    const std::uint64_t size = run.message().size();
    const std::uint64_t limit = arguments.number(Slot::first);
    // Exactly the limit is neither over nor under it (RFC 5228 §5.9).
    const bool over = arguments.constant(Slot::over, 1) == 1;
    if (run.tracer().at(TraceLevel::matching)) {
        run.tracer().write(1, "comparing message size " + std::to_string(size));
        run.tracer().write(
            1, std::string(over ? "with upper" : "with lower") + " limit " + std::to_string(limit));
    }
    run.looked_at("the size", std::to_string(size));
    const bool result = over ? size > limit : size < limit;
    if (result)
        run.matched(arguments.word(), over ? ":over" : ":under", std::to_string(size),
                    std::to_string(limit));
    return result;
}

}  // namespace sieve
