// SPDX-License-Identifier: MIT
// vnd.dovecot.pipe: the message to a program that the administrator provides (Pigeonhole's
// spec-bosch-sieve-extprograms).
#include "sieve/extension/rows.h"
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

void check_pipe(CallCheck& check) {
    check.each_literal(Slot::first, [&](std::string_view name, Range where) {
        if (!is_program_name(name))
            check.error(where, "invalid program name '" + printable(name) + "'");
    });
    check.each_literal(Slot::second, [&](std::string_view text, Range where) {
        if (!is_argument(text))
            check.error(where, "a program's argument is too long or holds a line end");
    });
}

void do_pipe(Run& run, const Arguments& arguments) {
    Pipe action;
    action.program = arguments.string(Slot::first).text;
    if (!is_program_name(action.program))
        run.fail("invalid program name '" + printable(action.program) + "'");
    if (arguments.has(Slot::second))
        for (const StringRef argument : arguments.list(Slot::second)) {
            if (!is_argument(argument.text))
                run.fail("an argument of program '" + action.program +
                         "' is too long or holds a line end");
            action.arguments.emplace_back(argument.text);
        }
    action.copy = arguments.has(Slot::copy);
    action.ignore_failure = arguments.has(Slot::try_);
    if (run.tracer().at(TraceLevel::actions))
        run.tracer().write(1, "pipe message to program `" + printable(action.program) + "'");
    run.deciding().pipe(run.origin(), std::move(action));
}

constexpr TagSpec tags[] = {{.name = "copy", .slot = Slot::copy},
                            {.name = "try", .slot = Slot::try_}};
constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string},
                                      {.value = ValueKind::list, .optional = true}};
constexpr WordSpec words[] = {
    {.name = "pipe",
     .kind = WordKind::command,
     .arguments = arguments,
     .tags = tags,
     .check = check_pipe,
     .is_action = true,
     .command = do_pipe},
};

}  // namespace

const Extension extension::pipe{.name = "vnd.dovecot.pipe",
                                .rfc = "Pigeonhole",
                                .enabled = Enabled::when_configured,
                                .words = words};

}  // namespace sieve
