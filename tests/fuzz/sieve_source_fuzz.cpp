// SPDX-License-Identifier: MIT
// Any text as a Sieve script: compiled with all extensions, its diagnostics rendered, laid out, and
// what compiles is looked over by lint, loaded again from its own bytes and run.
#include "sieve/compile.h"
#include "sieve/lint/layout.h"
#include "sieve/lint/lint.h"
#include "sieve/machine/machine.h"
#include "sieve/program/binary.h"
#include "sieve/program/listing.h"
#include "tests/sieve/fake_message.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view source(reinterpret_cast<const char*>(data), size);
    sieve::CompileOptions options;
    options.extensions = sieve::testsuite_extensions();
    const sieve::Compilation compiled = sieve::compile(source, options);
    sieve::render(compiled, "fuzz", source);
    // What is laid out stays as it is; lay_out() itself sees that the script is the same.
    if (const auto text = sieve::lay_out(source); text && sieve::lay_out(*text) != text)
        std::abort();
    if (!compiled.program) return 0;
    if (size < 4096) sieve::lint(source, options, {});
    const sieve::Loaded loaded = sieve::load(std::string(sieve::save(*compiled.program)),
                                             options.extensions, sieve::hash_source(source));
    if (!loaded.program) std::abort();
    sieve::listing(*loaded.program);
    const sieve_test::FakeMessage message(
        "From: a@example.com\nTo: b+c@example.org\nSubject: hello\n\nbody\n");
    const sieve_test::FakeHost host;
    const sieve::Envelope envelope{"a@example.com", "b+c@example.org", {}, {}};
    sieve::RunSettings settings;
    settings.max_steps = 100000;
    sieve::run(*loaded.program, {message, envelope, host, settings, "fuzz"});
    return 0;
}
