// SPDX-License-Identifier: MIT
// ihave (RFC 5463): the test, whose worth the compiler knows, and the command error.
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

// RFC 5463 §4: what changes the reading of the script cannot be had this way.
constexpr std::string_view never_this_way[] = {"encoded-character", "variables"};

bool has(const Unit& unit, std::string_view name) {
    if (unit.active(name)) return true;
    return unit.could_require(name) && !unit.conflicts(name) &&
           std::ranges::find(never_this_way, name) == std::end(never_this_way);
}

bool has_all(const Unit& unit, const bound::Call& call) {
    const bound::Value* names = call.value(Slot::first);
    return names != nullptr && std::ranges::all_of(names->texts, [&](const bound::Text& name) {
               return name.constant() && has(unit, name.literal);
           });
}

// What it finds can be used from here to the script's end (RFC 5463 §4, number 1).
void check_ihave(CallCheck& check) {
    const bound::Value& names = *check.call().value(Slot::first);
    for (const bound::Text& name : names.texts)
        if (!name.constant()) check.error(name.where, "'ihave' needs constant strings");
    if (!has_all(check.unit(), check.call())) return;
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!check.unit().active(name)) check.unit().require(name, where);
    });
}

void do_error(Run& run, const Arguments& arguments) {
    run.fail(printable(arguments.string(Slot::first).text, limits::max_told_bytes));
}

constexpr ArgumentSpec list[] = {{.value = ValueKind::list}};
constexpr ArgumentSpec text[] = {{.value = ValueKind::string}};
constexpr WordSpec words[] = {
    {.name = "ihave",
     .kind = WordKind::test,
     .arguments = list,
     .check = check_ihave,
     .constant = has_all},
    {.name = "error", .kind = WordKind::command, .arguments = text, .command = do_error},
};

}  // namespace

const Extension extension::ihave{.name = "ihave", .rfc = "RFC 5463", .words = words};

}  // namespace sieve
