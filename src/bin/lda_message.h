// SPDX-License-Identifier: MIT
// Reading the LDA's message: standard input or a file, without a leading mbox "From " line
// (compat 3.3).
#pragma once

#include "base/spool.h"

#include <optional>
#include <string>

namespace bin {

struct LdaMessage {
    base::Spool spool;                       // sealed
    std::optional<std::string> from_sender;  // the address in the "From " line
};

// Reads to the end of `fd`. Throws std::system_error.
LdaMessage read_message(int fd, std::string_view name, base::Spool::Limits limits);

}  // namespace bin
