// SPDX-License-Identifier: MIT
// The programs that run while a script does: SieveHost's execute() and filter().
#include "base/text.h"
#include "deliver/edited_message.h"
#include "deliver/sieve_message.h"

#include <exception>
#include <memory>
#include <utility>

namespace deliver {
namespace {

// Of execute; a variable holds less.
constexpr std::size_t max_output_bytes = 64 * 1024;
// Of filter: what gives back more has failed.
constexpr std::uint64_t max_message_bytes = std::uint64_t{1} << 30;

// One that did not end by itself is as bad as one that cannot be started: Pigeonhole ends the
// script.
sieve::ScriptProgramEnd to_sieve(ProgramEnd end) {
    return {.started = end.ran && !end.is_error, .success = end.ok, .why = std::move(end.why)};
}

std::vector<std::string_view> pieces_of(const sieve::Message& message) {
    const auto& own = static_cast<const SieveMessage&>(message);
    const mail::Message& original = own.original();
    return {own.header_bytes(), original.bytes().substr(original.header_bytes().size())};
}

}  // namespace

sieve::ScriptProgramEnd SieveHost::execute(const std::string& program,
                                           const std::vector<std::string>& arguments,
                                           const sieve::ProgramInput& input) const {
    if (!world_.run_program) return {.why = "no programs are run here"};
    std::string output;
    ProgramRun run{ProgramKind::execute, program, arguments, {}, {}};
    if (input.message != nullptr)
        run.input = pieces_of(*input.message);
    else
        run.input = {input.text};
    run.take_output = [&output](std::string_view bytes) {
        output += bytes.substr(0, max_output_bytes - output.size());
        return true;
    };
    sieve::ScriptProgramEnd end = to_sieve(world_.run_program(run));
    std::erase(output, '\r');
    end.output = std::move(output);
    return end;
}

sieve::FilterEnd SieveHost::filter(const std::string& program,
                                   const std::vector<std::string>& arguments,
                                   const sieve::Message& message) const {
    if (!world_.run_program) return {.program = {.why = "no programs are run here"}, .edited = {}};
    base::Spool spool(world_.spool_limits);
    std::exception_ptr failed;
    ProgramRun run{ProgramKind::filter, program, arguments, pieces_of(message), {}};
    run.take_output = [&](std::string_view bytes) {
        try {
            spool.append(bytes);
            return spool.size() <= max_message_bytes;
        } catch (const std::exception&) {  // no room for it
            failed = std::current_exception();
            return false;
        }
    };
    sieve::FilterEnd end{.program = to_sieve(world_.run_program(run)), .edited = {}};
    if (failed) std::rethrow_exception(failed);
    if (!end.program.success) return end;
    spool.seal();
    if (spool.size() == 0) return end;
    const std::uint64_t cost = spool.size();
    end.edited = {
        std::make_shared<EditedMessage>(std::make_shared<const WholeMessage>(std::move(spool))),
        cost};
    return end;
}

}  // namespace deliver
