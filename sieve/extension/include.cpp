// SPDX-License-Identifier: MIT
// include (RFC 6609): include, return and global; and the drafts' import and export, which declare
// global variables, too. Scripts are found when the command runs (RFC 6609 §3.1), so a script may
// be compiled before those that it includes exist.
#include "sieve/extension/rows.h"
#include "sieve/limits.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/script_name.h"
#include "sieve/text.h"

#include <string>

namespace sieve {

bool is_script_name(std::string_view name) {
    if (name.empty() || !is_utf8(name) || count_utf8(name) > limits::max_script_name_characters)
        return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto octet = static_cast<unsigned char>(name[i]);
        if (octet < 0x20 || octet == 0x7f || octet == '/') return false;
        // U+0080 to U+009F, U+2028 and U+2029.
        if (octet == 0xc2 && static_cast<unsigned char>(name[i + 1]) < 0xa0) return false;
        if (name.substr(i, 3) == "\xe2\x80\xa8" || name.substr(i, 3) == "\xe2\x80\xa9")
            return false;
    }
    return true;
}

namespace {

ScriptPlace place_of(std::uint32_t constant) {
    return constant == 1 ? ScriptPlace::global : ScriptPlace::personal;
}

void check_include(CallCheck& check) {
    const auto name = check.literal(Slot::first);
    const Range where = check.where(Slot::first);
    if (!name)
        return check.error(where, "the name of an included script must be a constant string");
    if (!is_script_name(*name))
        return check.error(where, "invalid script name '" + printable(*name) + "'");
    check.unit().note_include(
        {place_of(check.constant(Slot::place, 0)), std::string(*name), check.has(Slot::optional)},
        check.call().where);
}

void do_include(Run& run, const Arguments& arguments) {
    const std::string_view name = arguments.string(Slot::first).text;
    const ScriptPlace place = place_of(arguments.constant(Slot::place, 0));
    // A program that was not made by our compiler may say anything.
    if (!is_script_name(name)) run.fail("invalid script name '" + printable(name) + "'");
    if (run.tracer().at(TraceLevel::commands))
        run.tracer().write(1, std::string("include ") +
                                  (place == ScriptPlace::global ? "global" : "personal") +
                                  " script `" + std::string(name) + "'");
    run.include(place, name, arguments.has(Slot::once), arguments.has(Slot::optional));
}

// RFC 6609 §3.4.1.
void check_global(CallCheck& check) {
    if (!check.unit().active("variables"))
        return check.error(check.call().where,
                           "'" + std::string(check.word()) + "' needs: require \"variables\"");
    const bound::Value* value = check.call().value(Slot::first);
    if (value == nullptr) return;
    for (const bound::Text& each : value->texts) {
        if (each.constant())
            check.unit().declare_global(each.literal, each.where);
        else
            check.error(each.where, "a variable's name must be a constant string");
    }
}

void check_old_global(CallCheck& check) {
    check.warning(check.call().where,
                  "'" + std::string(check.word()) + "' is of an old draft: write 'global'");
    check_global(check);
}

constexpr TagSpec include_tags[] = {
    {.name = "personal", .slot = Slot::place, .constant = 0},
    {.name = "global", .slot = Slot::place, .constant = 1},
    {.name = "once", .slot = Slot::once},
    {.name = "optional", .slot = Slot::optional},
};
constexpr ArgumentSpec one_string[] = {{.value = ValueKind::string}};
constexpr ArgumentSpec one_list[] = {{.value = ValueKind::list}};
constexpr WordSpec words[] = {
    {.name = "include",
     .kind = WordKind::command,
     .arguments = one_string,
     .tags = include_tags,
     .check = check_include,
     .command = do_include},
    {.name = "return", .kind = WordKind::command, .control = Control::return_},
    {.name = "global",
     .kind = WordKind::command,
     .arguments = one_list,
     .control = Control::declaration,
     .check = check_global},
    {.name = "import",
     .kind = WordKind::command,
     .arguments = one_list,
     .control = Control::declaration,
     .check = check_old_global},
    {.name = "export",
     .kind = WordKind::command,
     .arguments = one_list,
     .control = Control::declaration,
     .check = check_old_global},
};

}  // namespace

const Extension extension::include{.name = "include", .rfc = "RFC 6609", .words = words};

}  // namespace sieve
