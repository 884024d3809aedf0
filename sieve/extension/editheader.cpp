// SPDX-License-Identifier: MIT
// editheader (RFC 5293): addheader, deleteheader. What is forbidden is warned of and left undone
// (sieve-compat 3.13).
#include "sieve/extension/field_index.h"
#include "sieve/extension/field_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sieve {

namespace {

// RFC 5293 §6; the last one stops redirect loops.
constexpr std::string_view redirected_from = "X-Sieve-Redirected-From";
constexpr std::array<std::string_view, 1> never_added{redirected_from};
constexpr std::array<std::string_view, 3> never_deleted{"Received", "Auto-Submitted",
                                                        redirected_from};

bool is_one_of(const auto& names, std::string_view name) {
    return std::ranges::any_of(names, [&](const auto& each) { return iequals(each, name); });
}

std::string invalid(std::string_view what, std::string_view text) {
    return "specified " + std::string(what) + " '" + printable(text) + "' is invalid";
}
std::string forbidden(std::string_view doing, std::string_view name) {
    return std::string(doing) + " the header field '" + printable(name) +
           "' is forbidden: the message stays as it is";
}

// No controls but those that end and fold lines, which become a space.
bool is_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r' && c != '\n') ||
               c == 0x7f;
    });
}

// RFC 5703 §5: what replace keeps of the old header.
bool is_kept_by_replace(Run& run, std::string_view name) {
    return (iequals(name, "Original-Subject") || iequals(name, "Original-From")) &&
           run.uses("replace");
}

bool may(Run& run, std::string_view doing, std::string_view name, const auto& never,
         const std::vector<std::string>& forbidden_names) {
    if (!is_one_of(never, name) && !is_kept_by_replace(run, name) &&
        (iequals(name, "Subject") || !is_one_of(forbidden_names, name)))
        return true;
    run.warn(forbidden(doing, name));
    return false;
}

void check_names(CallCheck& check, const auto& never, std::string_view doing) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_field_name(name))
            check.error(where, invalid("field name", name));
        else if (is_one_of(never, name))
            check.warning(where, forbidden(doing, name));
    });
}

void check_addheader(CallCheck& check) {
    check_names(check, never_added, "adding");
    check.each_literal(Slot::second, [&](std::string_view value, Range where) {
        if (!is_value(value)) check.error(where, invalid("value", value));
    });
}

void check_deleteheader(CallCheck& check) {
    check_names(check, never_deleted, "deleting");
}

void do_addheader(Run& run, const Arguments& arguments) {
    const std::string_view name = arguments.string(Slot::first).text;
    const std::string_view value = arguments.string(Slot::second).text;
    if (!is_field_name(name)) run.fail(invalid("field name", name));
    if (!is_value(value)) run.fail(invalid("value", value));
    run.work().add(name.size() + value.size());
    const EditRules& rules = run.settings().edit;
    if (!may(run, "adding", name, never_added, rules.forbid_add)) return;
    if (name.size() + value.size() > rules.max_header_bytes)
        run.fail("the header field '" + printable(name) + "' is longer than " +
                 std::to_string(rules.max_header_bytes) + " octets");
    const bool last = arguments.has(Slot::last);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, std::string("add header `") + std::string(name) + ": " +
                                  printable(value) + "' at the " + (last ? "end" : "beginning"));
    run.edit(AddField{std::string(name), std::string(value), last});
}

std::vector<std::size_t> matching_fields(Run& run, const Arguments& arguments, StringRef name) {
    const auto values = run.fields().header(name);
    const auto [begin, end] = selected(arguments, values.size());
    std::vector<std::size_t> all;
    std::vector<std::size_t> matched;
    if (!arguments.has(Slot::second)) {
        for (std::size_t i = begin; i < end; ++i)
            all.push_back(i);
        return all;
    }
    Matching matching(run, arguments, Slot::second);
    matching.keep_match_values();
    for (std::size_t i = begin; i < end; ++i) {
        all.push_back(i);
        if (matching.value(values[i], name.text)) matched.push_back(i);
    }
    // :count asks once, of all of them.
    return matched.empty() && matching.finish() ? all : matched;
}

void do_deleteheader(Run& run, const Arguments& arguments) {
    const StringRef name = arguments.string(Slot::first);
    if (!is_field_name(name.text)) run.fail(invalid("field name", name.text));
    if (!may(run, "deleting", name.text, never_deleted, run.settings().edit.forbid_delete)) return;
    std::vector<std::size_t> which = matching_fields(run, arguments, name);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "delete " + std::to_string(which.size()) +
                                  " occurrences of header `" + std::string(name.text) + "'");
    if (!which.empty()) run.edit(DeleteFields{std::string(name.text), std::move(which)});
}

void check_index(CallCheck& check) {
    if (check.number(Slot::index) == std::uint64_t{0})
        check.error(check.where(Slot::index), "':index' counts from 1");
}
void check_last(CallCheck& check) {
    if (!check.has(Slot::index))
        check.error(check.where(Slot::last), "':last' needs ':index' beside it");
}

constexpr ArgumentSpec add_arguments[] = {{.value = ValueKind::string},
                                          {.value = ValueKind::string}};
constexpr TagSpec add_tags[] = {{.name = "last", .slot = Slot::last}};
constexpr ArgumentSpec delete_arguments[] = {{.value = ValueKind::string},
                                             {.value = ValueKind::list, .optional = true}};
constexpr TagSpec delete_tags[] = {
    {.name = "index", .slot = Slot::index, .value = ValueKind::number, .check = check_index},
    {.name = "last", .slot = Slot::last, .check = check_last},
};
constexpr WordSpec words[] = {
    {.name = "addheader",
     .kind = WordKind::command,
     .arguments = add_arguments,
     .tags = add_tags,
     .check = check_addheader,
     .is_action = true,
     .command = do_addheader},
    {.name = "deleteheader",
     .kind = WordKind::command,
     .arguments = delete_arguments,
     .tags = delete_tags,
     .groups = Group::match,
     .check = check_deleteheader,
     .is_action = true,
     .command = do_deleteheader},
};

}  // namespace

const Extension extension::editheader{
    .name = "editheader", .rfc = "RFC 5293", .enabled = Enabled::when_configured, .words = words};

}  // namespace sieve
