// SPDX-License-Identifier: MIT
// Compiles and runs a script in one call, for table tests.
#pragma once

#include "fake_message.h"
#include "outcome_text.h"
#include "sieve/compile.h"
#include "sieve/machine/machine.h"

#include <string>
#include <string_view>

namespace sieve_test {

struct World {
    std::string message =
        "From: Joe <joe+work@example.com>\n"
        "To: me@example.org, you@example.net\n"
        "Subject: hello big world\n"
        "X-Twice: first\n"
        "X-Twice: second\n"
        "Date: Wed, 1 Jan 2020 01:02:03 +0500\n"
        "\n"
        "body text here\n";
    sieve::Envelope envelope{"sender@example.com", "me+detail@example.org", {}, {}};
    sieve::RunSettings settings;
    FakeHost host;
    sieve::Decided before;
};

// Scripts may use all extensions without naming them in the options; those that do not compile give
// the rendered diagnostics.
inline std::string outcome_of(std::string_view source, const World& world = {}) {
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const sieve::Compilation compiled = sieve::compile(source, options);
    if (!compiled.program) return sieve::render(compiled, "t");
    const FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    return brief(sieve::run(*compiled.program, job, world.before));
}

// Whether a test is true, with these extensions required.
inline bool truth_of(std::string_view test, const World& world = {}) {
    const std::string source =
        "require "
        "[\"fileinto\",\"envelope\",\"subaddress\",\"relational\",\"comparator-i;ascii-numeric\","
        "\"variables\",\"imap4flags\",\"mailbox\",\"body\",\"date\",\"index\",\"encoded-"
        "character\"];\n"
        "if " +
        std::string(test) + " { discard; }";
    const std::string outcome = outcome_of(source, world);
    if (outcome.starts_with("discard")) return true;
    if (outcome.starts_with("implicit keep")) return false;
    throw std::runtime_error(outcome);
}

}  // namespace sieve_test
