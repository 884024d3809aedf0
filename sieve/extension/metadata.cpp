// SPDX-License-Identifier: MIT
// mboxmetadata and servermetadata (RFC 5490 §3.3, §4): tests of annotations (RFC 5464).
#include "sieve/extension/mailbox_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

constexpr std::size_t max_entry_bytes = 1024;
// Work of a question: the host may open a file for it.
constexpr std::uint64_t question_octets = 64 * 1024;

// Why it is no entry name (RFC 5464 §3.2); empty where it is one.
std::string_view trouble_with(std::string_view name) {
    if (!iequals(name.substr(0, 9), "/private/") && !iequals(name.substr(0, 8), "/shared/"))
        return "it begins neither with '/private/' nor with '/shared/'";
    if (name.size() > max_entry_bytes) return "it is too long";
    if (name.ends_with('/')) return "it ends with '/'";
    if (name.find("//") != std::string_view::npos) return "it has an empty component";
    if (std::ranges::any_of(name,
                            [](char c) { return c < ' ' || c >= 0x7f || c == '*' || c == '%'; }))
        return "it has characters that none can have";
    return {};
}

std::string complaint(std::string_view name) {
    return "'" + printable(name) + "' is no annotation's name: " + std::string(trouble_with(name));
}

void check_entries(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view name, Range where) {
        if (!trouble_with(name).empty()) check.warning(where, complaint(name));
    });
}

void check_mailbox_name(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_mailbox_name(name))
            check.warning(where, "invalid folder name '" + printable(name) + "': it never exists");
    });
}

void check_mailbox_test(CallCheck& check) {
    check_mailbox_name(check);
    check_entries(check, Slot::second);
}
void check_server_test(CallCheck& check) {
    check_entries(check, Slot::first);
}

std::optional<std::string> annotation(Run& run, std::optional<std::string_view> mailbox,
                                      std::string_view name) {
    run.work().add(name.size());
    if (!trouble_with(name).empty()) {
        run.warn(complaint(name));
        return std::nullopt;
    }
    if (mailbox && !is_mailbox_name(*mailbox)) {
        run.warn("invalid folder name '" + printable(*mailbox) + "'");
        return std::nullopt;
    }
    run.work().add(question_octets);
    run.check_budget();
    auto value = run.host().annotation(mailbox, lower(name));
    if (value) run.work().add(value->size());
    if (!value) run.found_nothing(name);
    return value;
}

bool test_value(Run& run, const Arguments& arguments, std::optional<std::string_view> mailbox,
                Slot entry, Slot keys) {
    const std::string_view name = arguments.string(entry).text;
    const auto value = annotation(run, mailbox, name);
    if (!value) return false;
    Matching matching(run, arguments, keys);
    return matching.value(*value, name) || matching.finish();
}

bool test_all_exist(Run& run, const Arguments& arguments, std::optional<std::string_view> mailbox,
                    Slot entries) {
    const StringList names = arguments.list(entries);
    for (const StringRef name : names)
        if (!annotation(run, mailbox, name.text)) return false;
    if (names.size() != 0) run.matched(arguments.word(), {}, names[0].text, {});
    return true;
}

bool test_mailbox(Run& run, const Arguments& arguments) {
    return test_value(run, arguments, arguments.string(Slot::first).text, Slot::second,
                      Slot::third);
}
bool test_mailbox_exists(Run& run, const Arguments& arguments) {
    return test_all_exist(run, arguments, arguments.string(Slot::first).text, Slot::second);
}
bool test_server(Run& run, const Arguments& arguments) {
    return test_value(run, arguments, std::nullopt, Slot::first, Slot::second);
}
bool test_server_exists(Run& run, const Arguments& arguments) {
    return test_all_exist(run, arguments, std::nullopt, Slot::first);
}

constexpr ArgumentSpec mailbox_value[] = {
    {.value = ValueKind::string}, {.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr ArgumentSpec mailbox_names[] = {{.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr ArgumentSpec server_value[] = {{.value = ValueKind::string}, {.value = ValueKind::list}};
constexpr ArgumentSpec server_names[] = {{.value = ValueKind::list}};
constexpr WordSpec mailbox_words[] = {
    {.name = "metadata",
     .kind = WordKind::test,
     .arguments = mailbox_value,
     .groups = Group::match,
     .check = check_mailbox_test,
     .test = test_mailbox},
    {.name = "metadataexists",
     .kind = WordKind::test,
     .arguments = mailbox_names,
     .check = check_mailbox_test,
     .test = test_mailbox_exists},
};
constexpr WordSpec server_words[] = {
    {.name = "servermetadata",
     .kind = WordKind::test,
     .arguments = server_value,
     .groups = Group::match,
     .check = check_server_test,
     .test = test_server},
    {.name = "servermetadataexists",
     .kind = WordKind::test,
     .arguments = server_names,
     .check = check_server_test,
     .test = test_server_exists},
};

}  // namespace

const Extension extension::mboxmetadata{.name = "mboxmetadata",
                                        .rfc = "RFC 5490",
                                        .enabled = Enabled::when_configured,
                                        .words = mailbox_words};
const Extension extension::servermetadata{.name = "servermetadata",
                                          .rfc = "RFC 5490",
                                          .enabled = Enabled::when_configured,
                                          .words = server_words};

}  // namespace sieve
