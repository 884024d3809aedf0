// SPDX-License-Identifier: MIT
// mime (RFC 5703 §4).
#include "sieve/extension/address_part.h"
#include "sieve/extension/field_index.h"
#include "sieve/extension/mime_test.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <cstddef>
#include <utility>

namespace sieve {

namespace {

enum class MimeOption : std::uint32_t { type, subtype, contenttype, count };
constexpr auto mime_options = static_cast<std::uint32_t>(MimeOption::count);
constexpr std::uint32_t number(MimeOption option) {
    return static_cast<std::uint32_t>(option);
}

// What an option sees of a field (RFC 5703 §4.1).
std::string seen(const MimeField& field, MimeOption option) {
    const std::size_t slash = field.value.find('/');
    switch (option) {
        case MimeOption::type:
            return field.value.substr(0, slash);
        case MimeOption::subtype:
            return slash == std::string::npos ? std::string() : field.value.substr(slash + 1);
        case MimeOption::contenttype:
            return field.value;
        case MimeOption::count:
            break;
    }
    return {};
}

bool is_structured(std::string_view name) {
    return iequals(name, "Content-Type") || iequals(name, "Content-Disposition");
}

// One field of a part with one of the options. True: a key matches.
bool match_field(Run& run, const Arguments& arguments, Matching& matching, StringRef name,
                 const MimeField& field) {
    if (!arguments.has(Slot::parameters)) {
        const auto option = static_cast<MimeOption>(arguments.constant(Slot::mime_option, 0));
        // With :count, the fields that could be parsed (RFC 5703 §4.1).
        if (matching.counts() && (!is_structured(name.text) || field.value.empty())) return false;
        return matching.value(is_structured(name.text) ? seen(field, option) : std::string(),
                              name.text);
    }
    for (const StringRef wanted : arguments.list(Slot::parameters))
        for (const auto& [parameter, value] : field.parameters) {
            run.work().add(parameter.size());
            if (iequals(parameter, wanted.text) && matching.value(value, name.text)) return true;
        }
    return false;
}

}  // namespace

std::size_t end_of_part(const std::vector<BodyPart>& parts, std::size_t part) {
    std::size_t end = part + 1;
    while (end < parts.size() && parts[end].depth > parts[part].depth)
        ++end;
    return end;
}

std::pair<std::size_t, std::size_t> parts_in_scope(Run& run, const Arguments& arguments) {
    const std::size_t first = run.current_part().value_or(0);
    const std::vector<BodyPart>& parts = run.message().parts();
    if (first >= parts.size()) return {0, 0};
    if (!arguments.has(Slot::any_child)) return {first, first + 1};
    return {first, end_of_part(parts, first)};
}

bool test_mime_header(Run& run, const Arguments& arguments) {
    Matching matching(run, arguments, Slot::second);
    const Message& message = run.message();
    const auto [first, last] = parts_in_scope(run, arguments);
    for (std::size_t part = first; part < last; ++part) {
        FieldWindow window(
            arguments, [&](StringRef name) { return message.part_header(part, name.text).size(); });
        for (const StringRef name : arguments.list(Slot::first)) {
            run.work().add(name.text.size());
            const std::vector<std::string>& values = message.part_header(part, name.text);
            const auto [begin, end] = window.next(values.size());
            if (begin == end) run.found_nothing(name.text);
            if (!arguments.has(Slot::mime_option) && !arguments.has(Slot::parameters)) {
                for (std::size_t i = begin; i < end; ++i)
                    if (matching.value(values[i], name.text)) return true;
                continue;
            }
            const std::vector<MimeField> fields = message.part_fields(part, name.text);
            for (std::size_t i = begin; i < end && i < fields.size(); ++i)
                if (match_field(run, arguments, matching, name, fields[i])) return true;
        }
        run.check_budget();
    }
    return matching.finish();
}

bool test_mime_address(Run& run, const Arguments& arguments) {
    const AddressPart wanted = address_part_of(arguments);
    Matching matching(run, arguments, Slot::second);
    const Message& message = run.message();
    const auto [first, last] = parts_in_scope(run, arguments);
    for (std::size_t part = first; part < last; ++part) {
        FieldWindow window(arguments, [&](StringRef name) {
            return message.part_addresses(part, name.text).size();
        });
        for (const StringRef name : arguments.list(Slot::first)) {
            run.work().add(name.text.size());
            const auto& fields = message.part_addresses(part, name.text);
            const auto [begin, end] = window.next(fields.size());
            if (begin == end) run.found_nothing(name.text);
            for (std::size_t i = begin; i < end; ++i)
                if (match_addresses(run, matching, fields[i], wanted, name.text)) return true;
        }
        run.check_budget();
    }
    return matching.finish();
}

// True where each of the fields is in one of the parts.
bool test_mime_exists(Run& run, const Arguments& arguments) {
    const Message& message = run.message();
    const auto [first, last] = parts_in_scope(run, arguments);
    for (const StringRef name : arguments.list(Slot::first)) {
        bool exists = false;
        for (std::size_t part = first; part < last && !exists; ++part) {
            run.work().add(name.text.size());
            exists = !message.part_header(part, name.text).empty();
        }
        run.check_budget();
        if (exists) continue;
        run.found_nothing(name.text);
        return false;
    }
    run.matched(arguments.word(), arguments.list(Slot::first)[0].text, {}, {});
    return true;
}

namespace {

void needs_mime(CallCheck& check, Slot slot, std::string_view tag) {
    if (!check.has(Slot::mime))
        check.error(check.where(slot), "'" + std::string(tag) + "' needs ':mime' beside it");
}
void check_any_child(CallCheck& check) {
    needs_mime(check, Slot::any_child, ":anychild");
}
void check_option(CallCheck& check) {
    constexpr std::string_view names[] = {":type", ":subtype", ":contenttype"};
    needs_mime(check, Slot::mime_option, names[check.constant(Slot::mime_option, 0)]);
}
void check_parameters(CallCheck& check) {
    needs_mime(check, Slot::parameters, ":param");
}

constexpr std::string_view all_words[] = {"header", "address", "exists"};
constexpr std::string_view header_words[] = {"header"};
// clang-format off
constexpr TagSpec tags[] = {
    {.name = "mime",        .slot = Slot::mime, .words = all_words},
    {.name = "anychild",    .slot = Slot::any_child, .words = all_words, .check = check_any_child},
    {.name = "type",        .slot = Slot::mime_option, .constant = number(MimeOption::type), .words = header_words,
     .excludes = Slot::mime_option, .check = check_option, .constants = mime_options},
    {.name = "subtype",     .slot = Slot::mime_option, .constant = number(MimeOption::subtype), .words = header_words,
     .excludes = Slot::mime_option, .check = check_option, .constants = mime_options},
    {.name = "contenttype", .slot = Slot::mime_option, .constant = number(MimeOption::contenttype), .words = header_words,
     .excludes = Slot::mime_option, .check = check_option, .constants = mime_options},
    {.name = "param",       .slot = Slot::parameters, .value = ValueKind::list, .words = header_words,
     .excludes = Slot::mime_option, .check = check_parameters},
};
// clang-format on

}  // namespace

const Extension extension::mime{.name = "mime", .rfc = "RFC 5703", .tags = tags};

}  // namespace sieve
