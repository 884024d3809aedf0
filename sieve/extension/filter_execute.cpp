// SPDX-License-Identifier: MIT
// vnd.dovecot.filter and vnd.dovecot.execute: programs that run while the script does. One gives
// back the message, the other a variable; as tests both are true where the program ends well
// (Pigeonhole's spec-bosch-sieve-extprograms).
#include "sieve/extension/program_call.h"
#include "sieve/extension/rows.h"
#include "sieve/machine/run.h"
#include "sieve/program/call_check.h"
#include "sieve/text.h"

namespace sieve {

namespace {

// As a test, and as a command too, a program that ends badly is no error. One that cannot be
// started is an error of the command.
bool run_filter(Run& run, const Arguments& arguments, bool is_test) {
    const ProgramName name = program_name(run, arguments);
    const bool traces = run.tracer().at(TraceLevel::actions);
    if (traces) run.tracer().write(1, "execute program `" + name.program + "'");
    FilterEnd end = run.host().filter(name.program, name.arguments, run.message());
    if (end.program.success && end.edited.message != nullptr) {
        run.replace_message(std::move(end.edited));
        if (traces) run.tracer().write(1, "changed message");
    } else if (!end.program.started) {
        if (!is_test) run.fail("program '" + printable(name.program) + "': " + end.program.why);
        run.warn("program '" + printable(name.program) + "': " + end.program.why);
    } else if (end.program.success) {
        run.warn("program '" + printable(name.program) +
                 "' gave no message back: the message stays as it is");
    }
    return end.program.success;
}

bool run_execute(Run& run, const Arguments& arguments, bool is_test) {
    const ProgramName name = program_name(run, arguments);
    const bool traces = run.tracer().at(TraceLevel::actions);
    if (traces) run.tracer().write(1, "execute program `" + name.program + "'");
    ProgramInput input;
    if (arguments.has(Slot::input)) {
        input.text = arguments.string(Slot::input).text;
        run.work().add(input.text.size());
    } else if (arguments.has(Slot::input_message)) {
        input.message = &run.message();
    }
    const ScriptProgramEnd end = run.host().execute(name.program, name.arguments, input);
    if (!end.started) {
        if (!is_test) run.fail("program '" + printable(name.program) + "': " + end.why);
        run.warn("program '" + printable(name.program) + "': " + end.why);
    }
    if (end.success && arguments.has(Slot::output)) {
        run.work().add(end.output.size());
        run.variables().set(arguments.constant(Slot::output, 0), end.output);
        if (traces) run.tracer().write(1, "assigned output variable");
    }
    run.check_budget();
    return end.success;
}

void do_filter(Run& run, const Arguments& arguments) {
    run_filter(run, arguments, false);
}
bool test_filter(Run& run, const Arguments& arguments) {
    const bool result = run_filter(run, arguments, true);
    if (result) run.matched(arguments.word(), {}, arguments.string(Slot::first).text, {});
    return result;
}

void do_execute(Run& run, const Arguments& arguments) {
    run_execute(run, arguments, false);
}
bool test_execute(Run& run, const Arguments& arguments) {
    const bool result = run_execute(run, arguments, true);
    if (result) run.matched(arguments.word(), {}, arguments.string(Slot::first).text, {});
    return result;
}

std::optional<std::uint32_t> translate_output(CallCheck& check, std::string_view name) {
    if (!check.unit().active("variables")) {
        check.error(check.here(), "':output' needs: require \"variables\"");
        return std::nullopt;
    }
    return check.unit().variable_named(name, check.here());
}

constexpr ArgumentSpec arguments[] = {{.value = ValueKind::string},
                                      {.value = ValueKind::list, .optional = true}};
constexpr TagSpec execute_tags[] = {
    {.name = "input", .slot = Slot::input, .value = ValueKind::string, .excludes = Slot::input},
    {.name = "pipe", .slot = Slot::input_message, .excludes = Slot::input},
    {.name = "output",
     .slot = Slot::output,
     .translate = translate_output,
     .constants = variable_slots},
};
constexpr WordSpec filter_words[] = {
    {.name = "filter",
     .kind = WordKind::command,
     .arguments = arguments,
     .check = check_program_call,
     .is_action = true,
     .command = do_filter},
    {.name = "filter",
     .kind = WordKind::test,
     .arguments = arguments,
     .check = check_program_call,
     .test = test_filter},
};
constexpr WordSpec execute_words[] = {
    {.name = "execute",
     .kind = WordKind::command,
     .arguments = arguments,
     .tags = execute_tags,
     .check = check_program_call,
     .is_action = true,
     .command = do_execute},
    {.name = "execute",
     .kind = WordKind::test,
     .arguments = arguments,
     .tags = execute_tags,
     .check = check_program_call,
     .test = test_execute},
};

}  // namespace

const Extension extension::filter{.name = "vnd.dovecot.filter",
                                  .rfc = "Pigeonhole",
                                  .enabled = Enabled::when_configured,
                                  .words = filter_words};
const Extension extension::execute{.name = "vnd.dovecot.execute",
                                   .rfc = "Pigeonhole",
                                   .enabled = Enabled::when_configured,
                                   .words = execute_words};

}  // namespace sieve
