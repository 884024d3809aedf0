// SPDX-License-Identifier: MIT
#include "sieve/extension/program_call.h"

#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

#include <algorithm>

namespace sieve {

namespace {

constexpr std::size_t max_program_name_bytes = 128;
constexpr std::size_t max_argument_bytes = 1024;

bool is_program_name(std::string_view name) {
    return !name.empty() && name.size() <= max_program_name_bytes && name != "." && name != ".." &&
           std::ranges::all_of(name, [](char c) {
               return c != '/' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
           });
}

bool is_argument(std::string_view text) {
    return text.size() <= max_argument_bytes &&
           text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

// A variable must not decide which program runs (spec-bosch-sieve-extprograms §3).
void check_program_call(CallCheck& check) {
    const bound::Value* program = check.call().value(Slot::first);
    if (program != nullptr && !program->texts.empty() && !program->texts[0].constant())
        check.error(program->where, "a program's name must be a constant string");
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_program_name(name))
            check.error(where, "invalid program name '" + printable(name) + "'");
    });
    check.each_literal(Slot::second, [&](std::string_view text, Range where) {
        if (!is_argument(text))
            check.error(where, "a program's argument is too long or holds a line end");
    });
}

ProgramName program_name(Run& run, const Arguments& arguments) {
    ProgramName name;
    name.program = arguments.string(Slot::first).text;
    if (!is_program_name(name.program))
        run.fail("invalid program name '" + printable(name.program) + "'");
    if (!arguments.has(Slot::second)) return name;
    for (const StringRef argument : arguments.list(Slot::second)) {
        if (!is_argument(argument.text))
            run.fail("an argument of program '" + printable(name.program) +
                     "' is too long or holds a line end");
        name.arguments.emplace_back(argument.text);
    }
    return name;
}

}  // namespace sieve
