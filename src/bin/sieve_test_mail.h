// SPDX-License-Identifier: MIT
// The message that sieve-test runs a script over, and its envelope: from the options, else from the
// header (sieve-compat 4.2, 5.4).
#pragma once

#include "bin/sieve_test_options.h"
#include "deliver/envelope.h"
#include "mail/message.h"

#include <string>

namespace bin {

// The file's bytes ("-" is standard input), a From_ line dropped. Throws ToolFailure where it
// cannot be read.
std::string read_mail(const std::string& path);

// Throws ToolFailure for an option that is no address.
deliver::Envelope test_envelope(const SieveTestOptions& options, const mail::Message& message);

}  // namespace bin
