// SPDX-License-Identifier: MIT
// Tests that share a pass over their values (sieve/program/search_plan.h): nothing but the cost of
// a run may show it.
#include "shared_pass.h"

#include "random_script.h"
#include "run_script.h"
#include "sieve/program/listing.h"

#include <catch2/catch.hpp>

#include <random>

namespace {

// "@" in the rule is its number.
std::string many_rules(std::size_t count, std::string_view rule) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        std::string one(rule);
        for (std::size_t at = one.find('@'); at != std::string::npos; at = one.find('@'))
            one.replace(at, 1, std::to_string(i));
        text += one + "\n";
    }
    return text;
}

std::uint64_t steps(std::string_view source, const sieve_test::World& world,
                    std::size_t shared_from = sieve::limits::default_shared_from) {
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    options.shared_from = shared_from;
    const auto program = sieve::compile(source, options).program;
    REQUIRE(program);
    const sieve_test::FakeMessage message(world.message);
    const sieve::Outcome outcome =
        sieve::run(*program, {message, world.envelope, world.host, world.settings, "t"});
    REQUIRE_FALSE(outcome.error);
    return outcome.steps;
}

}  // namespace

TEST_CASE("random scripts decide the same with and without shared passes") {
    for (unsigned seed = 0; seed < 3000; ++seed) {
        std::mt19937 random(seed);
        std::vector<std::uint8_t> octets(900);
        for (std::uint8_t& each : octets)
            each = static_cast<std::uint8_t>(random());
        const auto difference = sieve_test::shared_pass_difference(octets);
        INFO("seed " << seed);
        REQUIRE(difference == "");
    }
}

TEST_CASE("a rule that nothing is found for costs next to nothing") {
    sieve_test::World world;
    world.message = "Subject: " + std::string(2000, 'x') + "\n\nbody\n";
    const auto cost = [&](std::size_t rules, std::string_view rule) {
        return steps("require \"regex\";\n" + many_rules(rules, rule), world);
    };
    const std::string_view rule =
        GENERATE("if header :contains \"subject\" \"word-@\" { discard; }",
                 "if header :is \"subject\" \"word-@\" { discard; }",
                 "if header :matches \"subject\" \"*w@-*\" { discard; }",
                 "if header :regex \"subject\" \"w@-[0-9]+\" { discard; }");
    CAPTURE(rule);
    // Two instructions each, beside what is noted of the first ones.
    CHECK(cost(5000, rule) - cost(1000, rule) <= 4000 * 2 + 100);
}

TEST_CASE("an edit of the header is seen by the rules behind it") {
    sieve_test::World world;
    world.message = "Subject: none\n\nbody\n";
    const std::string rules =
        "require [\"fileinto\", \"editheader\"];\n" +
        many_rules(100, "if header :contains \"x-new\" \"word-@.\" { fileinto \"Before@\"; }") +
        "addheader \"X-New\" \"the word-77. stands here\";\n" +
        many_rules(100, "if header :contains \"x-new\" \"word-@.\" { fileinto \"After@\"; }");
    CHECK(sieve_test::outcome_of(rules, world) == "fileinto After77");
}

TEST_CASE("tests share a pass where there are enough of the same values") {
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const auto shared = [&](std::size_t rules, std::string_view rule) {
        const auto program =
            sieve::compile("require [\"variables\", \"mime\"];\n" + many_rules(rules, rule),
                           options)
                .program;
        REQUIRE(program);
        return sieve::listing(*program).find("consider group 0") != std::string::npos;
    };
    const std::size_t enough = sieve::limits::default_shared_from;
    CHECK(shared(enough, "if header \"subject\" \"@\" { keep; }"));
    CHECK_FALSE(shared(enough - 1, "if header \"subject\" \"@\" { keep; }"));
    CHECK_FALSE(shared(enough, "if header \"subject@\" \"@\" { keep; }"));
    // The values of a part differ from round to round of a loop; those of a variable are unknown.
    CHECK_FALSE(shared(enough, "if header :mime \"subject\" \"@\" { keep; }"));
    CHECK_FALSE(shared(enough, "if header \"subject\" \"${x}\" { keep; }"));
    CHECK_FALSE(shared(enough, "if header \"${x}\" \"@\" { keep; }"));
    // Any value may do.
    CHECK_FALSE(shared(enough, "if header :contains \"subject\" [\"@\", \"\"] { keep; }"));
    CHECK_FALSE(shared(enough, "if header :matches \"subject\" [\"@\", \"*\"] { keep; }"));
}

TEST_CASE("a message that is edited before each rule costs little more than without sharing") {
    sieve_test::World world;
    world.message = "Subject: none\n\n" + std::string(100'000, 'x') + "\n";
    const std::string source = "require [\"body\", \"editheader\"];\n" +
                               many_rules(60,
                                          "addheader \"X-New\" \"@\"; "
                                          "if body :contains \"word-@.\" { discard; }");
    CHECK(steps(source, world) < 2 * steps(source, world, 0));
}

TEST_CASE("a script is compiled without sharing where its tables would be too large") {
    const std::string source = many_rules(
        130'000, "if header :contains \"subject\" \"@-2345678901234567890123456\" { discard; }");
    sieve::CompileOptions options;
    options.max_script_bytes = 0;
    const auto program = sieve::compile(source, options).program;
    REQUIRE(program);
    CHECK(program->image().count(sieve::format::Section::searches) == 0);
}
