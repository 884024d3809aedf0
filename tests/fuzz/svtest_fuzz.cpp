// SPDX-License-Identifier: MIT
// Any text as a script of sieve-testsuite, run; what stands behind a first NUL is the script that
// it tests. Blocks that fail end as such, and no more fail than began.
#include "sieve/compile.h"
#include "sieve/machine/machine.h"
#include "tests/sieve/fake_testsuite.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(text.find('\0'), text.size());
    const std::string_view source = text.substr(0, end);
    sieve::CompileOptions options;
    options.extensions = sieve::testsuite_extensions();
    options.after_syntax_errors = sieve::AfterSyntaxErrors::stop;
    const sieve::Compilation compiled = sieve::compile(source, options);
    if (!compiled.program) return 0;
    sieve_test::FakeTestsuite suite(text.substr(std::min(end + 1, size)));
    sieve_test::FakeHost host;
    host.suite = &suite;
    sieve::RunSettings settings;
    settings.max_steps = 100000;
    const sieve::Outcome outcome =
        sieve::run(*compiled.program, {suite.message(), suite.envelope(), host, settings, "fuzz"});
    if (suite.failed > suite.blocks) std::abort();
    if (outcome.decisions.size() > sieve::limits::max_decisions) std::abort();
    return 0;
}
