// SPDX-License-Identifier: MIT
#include "sieve/program/program.h"

#include "sieve/program/program_maker.h"
#include "sieve/program/shape.h"
#include "sieve/program/verify.h"

namespace sieve {

std::optional<Program> ProgramMaker::make(std::string bytes, const ExtensionSet& usable,
                                          std::string& why) {
    Verified verified = verify(bytes, usable);
    if (!verified.why.empty()) {
        why = std::move(verified.why);
        return std::nullopt;
    }
    auto contents = std::make_shared<Program::Contents>();
    contents->bytes = std::move(bytes);
    contents->image = Image(contents->bytes);
    contents->shapes = std::move(verified.shapes);
    contents->max_stack = verified.max_stack;
    return Program(std::move(contents));
}

}  // namespace sieve
