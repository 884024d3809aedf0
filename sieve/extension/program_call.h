// SPDX-License-Identifier: MIT
// The program and the arguments that pipe, filter and execute name (Pigeonhole's
// spec-bosch-sieve-extprograms): the first two positional arguments of each.
#pragma once

#include <string>
#include <vector>

namespace sieve {

class Arguments;
class CallCheck;
class Run;

void check_program_call(CallCheck& check);

struct ProgramName {
    std::string program;
    std::vector<std::string> arguments;
};
// The script fails where they are not allowed.
ProgramName program_name(Run& run, const Arguments& arguments);

}  // namespace sieve
