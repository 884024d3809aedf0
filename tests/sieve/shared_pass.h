// SPDX-License-Identifier: MIT
// A random script over a random message, with and without shared passes.
#pragma once

#include "tests/sieve/random_script.h"
#include "tests/sieve/run_script.h"

#include <cstdint>
#include <span>
#include <string>

namespace sieve_test {

// All that an outcome says but its steps.
inline std::string all_of(const sieve::Outcome& outcome) {
    std::string text = full(outcome) + "omitted " + std::to_string(outcome.omitted_tests) + "\n";
    for (const sieve::UntrueRule& rule : outcome.untrue)
        for (const sieve::TestRecord& test : rule.tests) {
            text += std::to_string(rule.line) + " " + std::to_string(test.line) + " " + test.test;
            for (const sieve::SeenValue& seen : test.seen)
                text += " " + seen.field + "=" + seen.value;
            text += "\n";
        }
    return text;
}

// Empty where both are the same; else all that is needed to see why.
inline std::string shared_pass_difference(std::span<const std::uint8_t> octets) {
    Choices choices(octets);
    World world;
    world.message = random_message(choices);
    const std::size_t recorded = choices.one_in(2) ? 0 : choices.below(4);
    const std::string source = random_script(choices);
    std::string outcomes[2];
    for (const std::size_t shared_from : {0, 1}) {
        sieve::CompileOptions options;
        options.extensions = sieve::every_extension();
        options.shared_from = shared_from;
        const sieve::Compilation compiled = sieve::compile(source, options);
        if (!compiled.program) return source + sieve::render(compiled, "t", source);
        const FakeMessage message(world.message);
        outcomes[shared_from] =
            all_of(sieve::run(*compiled.program, {message, world.envelope, world.host,
                                                  world.settings, "t", nullptr, recorded}));
    }
    if (outcomes[0] == outcomes[1]) return {};
    return source + "\n" + world.message + "\nwithout:\n" + outcomes[0] + "\nwith:\n" + outcomes[1];
}

}  // namespace sieve_test
