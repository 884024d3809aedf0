// SPDX-License-Identifier: MIT
// extlists (RFC 6134): the match type :list, redirect :list and the test valid_ext_list. What
// redirect does stands in base_actions.cpp, how values are matched in machine/matching.cpp.
#include "sieve/extension/external_list.h"
#include "sieve/extension/list_name.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/matching.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>
#include <array>

namespace sieve {

void check_list_names(CallCheck& check, Slot slot) {
    check.each_literal(slot, [&](std::string_view name, Range where) {
        if (!canonical_list_name(name))
            check.error(where, "'" + printable(name) + "' is no name of an external list");
    });
}

namespace {

// The name that the host knows a list by. The run fails where there is no such list.
std::string usable_list(Run& run, std::string_view list) {
    run.work().add(list.size());
    auto name = canonical_list_name(list);
    if (!name) run.fail("'" + printable(list) + "' is no name of an external list");
    const std::string trouble = run.host().list_trouble(*name);
    if (!trouble.empty()) run.fail("external list '" + printable(list) + "': " + trouble);
    return *std::move(name);
}

}  // namespace

std::optional<std::string> find_in_list(Run& run, std::string_view list, std::string_view value) {
    const std::string name = usable_list(run, list);
    const std::size_t begin = std::min(value.find_first_not_of(" \t"), value.size());
    const std::size_t end = value.find_last_not_of(" \t") + 1;
    value = begin < end ? value.substr(begin, end - begin) : std::string_view();
    run.work().add(value.size());
    ListAnswer answer = run.host().find_in_list(name, value);
    run.work().add(answer.cost);
    return std::move(answer.member);
}

std::vector<std::string> members_of_list(Run& run, std::string_view list) {
    auto members = run.host().list_members(usable_list(run, list));
    if (!members) run.fail("external list '" + printable(list) + "': its members cannot be listed");
    for (const std::string& member : *members)
        run.work().add(member.size());
    return *std::move(members);
}

namespace {

// Those of RFC 6134 §2.2, and those that its examples have (§2.9.2).
constexpr std::array<std::string_view, 6> tests{"address", "envelope", "header",
                                                "string",  "date",     "currentdate"};

void check_list(CallCheck& check) {
    if (std::ranges::find(tests, check.word()) == tests.end())
        return check.error(check.where(Slot::match),
                           "':list' cannot be used with '" + std::string(check.word()) + "'");
    if (check.has(Slot::comparator))
        check.error(check.where(Slot::comparator), "':list' takes no comparator");
    check_list_names(check, positional(check.call().word->arguments.size() - 1));
}

bool test_valid(Run& run, const Arguments& arguments) {
    const StringList lists = arguments.list(Slot::first);
    for (const StringRef list : lists) {
        run.work().add(list.text.size());
        const auto name = canonical_list_name(list.text);
        const std::string trouble =
            name ? run.host().list_trouble(*name) : std::string("it is no name of a list");
        if (run.tracer().at(TraceLevel::matching))
            run.tracer().write(1, "external list `" + printable(list.text) +
                                      (trouble.empty() ? "' is valid" : "': " + trouble));
        if (trouble.empty()) continue;
        run.found_nothing(list.text);
        return false;
    }
    run.matched(arguments.word(), {}, lists[0].text, {});
    return true;
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "valid_ext_list", .kind = WordKind::test, .arguments = arguments, .test = test_valid},
};
constexpr std::string_view redirect[] = {"redirect"};
constexpr TagSpec tags[] = {
    {.name = "list",
     .slot = Slot::match,
     .constant = match_constant(match::MatchType::list),
     .groups = Group::match,
     .check = check_list,
     .constants = match_constants},
    {.name = "list", .slot = Slot::list, .words = redirect},
};

}  // namespace

const Extension extension::extlists{.name = "extlists",
                                    .rfc = "RFC 6134",
                                    .enabled = Enabled::when_configured,
                                    .words = words,
                                    .tags = tags};

}  // namespace sieve
