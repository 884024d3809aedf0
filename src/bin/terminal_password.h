// SPDX-License-Identifier: MIT
// Asks for a password: on a terminal with a prompt and without echo, else a line of standard input.
#pragma once

#include <optional>
#include <string>

namespace bin {

// The line without its end; nothing where input ended before one began, or the terminal was
// interrupted. The prompt goes to the terminal alone. Echo is back on afterwards whatever happens,
// signals included.
std::optional<std::string> ask_password(const char* prompt);

}  // namespace bin
