// SPDX-License-Identifier: MIT
// What a run tells of blocks that did not run.
#include "run_script.h"

#include <catch2/catch.hpp>

using sieve_test::World;

namespace {

sieve::Outcome run(std::string_view source, const World& world = {},
                   std::size_t recorded = sieve::limits::default_recorded_tests) {
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const sieve::Compilation compiled = sieve::compile(source, options);
    CAPTURE(sieve::render(compiled, "t"));
    REQUIRE(compiled.program);
    const sieve_test::FakeMessage message(world.message);
    return sieve::run(*compiled.program, {message, world.envelope, world.host, world.settings, "t",
                                          nullptr, recorded});
}

// "2: header false [subject=hello] {spam}; 3: ..." a line per rule, after "LINE ".
std::string text_of(const sieve::Outcome& outcome) {
    std::string text;
    for (const sieve::UntrueRule& rule : outcome.untrue) {
        text += "rule " + std::to_string(rule.line) + ':';
        for (const sieve::TestRecord& test : rule.tests) {
            text += ' ' + std::to_string(test.line) + ' ' + test.test + (test.truth ? " true" : "");
            for (const sieve::SeenValue& seen : test.seen)
                text += " [" + seen.field + (seen.there ? "=" + seen.value : "") + ']';
            for (const std::string& key : test.keys)
                text += " {" + key + '}';
            text += ';';
        }
        text += '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("a block that does not run leaves what its tests saw") {
    struct Case {
        const char* name;
        const char* source;
        const char* wanted;
    };
    const auto c = GENERATE(values<Case>({
        {"one test", R"(if header :contains "subject" "spam" { discard; })",
         "rule 1: 1 header [subject=hello big world] {spam};\n"},
        {"a rule that is true leaves nothing", R"(if header :contains "subject" "big" { keep; })",
         ""},
        {"a field that is not there", R"(if header "x-none" "a" { discard; })",
         "rule 1: 1 header [x-none] {a};\n"},
        {"several fields and keys", R"(if header ["x-twice", "x-none"] ["a", "b"] { discard; })",
         "rule 1: 1 header [x-twice=first] [x-twice=second] [x-none] {a} {b};\n"},
        {"all of anyof, with their lines",
         "if anyof (header \"x-none\" \"a\",\n  size :over 1M,\n  exists \"y\") { discard; }",
         "rule 1: 1 header [x-none] {a}; 2 size [the size=178]; 3 exists [y];\n"},
        {"allof stops at the first that is false",
         R"(if allof (exists "from", exists "y", exists "z") { discard; })",
         "rule 1: 1 exists true; 1 exists [y];\n"},
        {"a true test under not", R"(if not header :is "x-twice" "first" { discard; })",
         "rule 1: 1 header true [x-twice=first] {first};\n"},
        {"elsif and else",
         "if exists \"y\" { discard; }\nelsif exists \"z\" { discard; }\nelse { keep; }",
         "rule 1: 1 exists [y];\nrule 2: 2 exists [z];\n"},
        {"rules in a block that runs",
         "if true {\n if exists \"y\" { discard; }\n if exists \"from\" { keep; } }",
         "rule 2: 2 exists [y];\n"},
        {"rules in a block that does not run", "if exists \"y\" {\n if exists \"z\" { discard; } }",
         "rule 1: 1 exists [y];\n"},
        {"a test that is false beside one that is true and runs the block",
         R"(if anyof (exists "y", exists "from") { keep; })", ""},
        {"an address part", R"(if address :domain "from" "b.org" { discard; })",
         "rule 1: 1 address [from=example.com] {b.org};\n"},
        {"an envelope part", R"(require "envelope"; if envelope "from" "b@c" { discard; })",
         "rule 1: 1 envelope [from=sender@example.com] {b@c};\n"},
        {"a count", R"(require "relational"; if header :count "gt" "x-twice" "5" { discard; })",
         "rule 1: 1 header [the count=2] {5};\n"},
        {"a key from a variable",
         R"(require "variables"; set "k" "abc"; if header "x-none" "${k}" { discard; })",
         "rule 1: 1 header [x-none] {abc};\n"},
        {"a mailbox", R"(require "mailbox"; if mailboxexists "Nowhere" { discard; })",
         "rule 1: 1 mailboxexists [Nowhere];\n"},
    }));
    CAPTURE(c.name);
    CHECK(text_of(run(c.source)) == c.wanted);
}

TEST_CASE("the record of what was not true is bounded, and says how much is left out") {
    std::string source;
    for (int i = 0; i < 1000; ++i)
        source += "if header \"x-" + std::to_string(i) + "\" \"a\" { discard; }\n";
    SECTION("in tests") {
        const sieve::Outcome outcome = run(source);
        CHECK(outcome.untrue.size() == sieve::limits::default_recorded_tests);
        CHECK(outcome.omitted_tests == 1000 - sieve::limits::default_recorded_tests);
        CHECK(run(source, {}, 3).untrue.size() == 3);
    }
    SECTION("none where nobody wants it") {
        const sieve::Outcome outcome = run(source, {}, 0);
        CHECK(outcome.untrue.empty());
    }
    SECTION("in tests of one rule") {
        std::string tests;
        for (int i = 0; i < 500; ++i)
            tests += (i == 0 ? "" : ", ") + std::string("exists \"y") + std::to_string(i) + '"';
        const sieve::Outcome outcome = run("if anyof (" + tests + ") { discard; }\n" + source);
        REQUIRE(outcome.untrue.size() == 1);
        CHECK(outcome.untrue[0].tests.size() == sieve::limits::default_recorded_tests);
        CHECK(outcome.omitted_tests == 1500 - sieve::limits::default_recorded_tests);
    }
    SECTION("in values, keys and their octets") {
        World world;
        world.message = "X: " + std::string(500, 'v') + "\nX: 2\nX: 3\nX: 4\nX: 5\n\n";
        const sieve::Outcome outcome =
            run(R"(if header "x" ["a","b","c","d","e","f"] { discard; })", world);
        REQUIRE(outcome.untrue.size() == 1);
        const sieve::TestRecord& test = outcome.untrue[0].tests.at(0);
        CHECK(test.seen.size() == sieve::limits::max_test_values);
        CHECK(test.omitted_seen == 1);
        CHECK(test.keys.size() == sieve::limits::max_test_values);
        CHECK(test.omitted_keys == 2);
        CHECK(test.seen[0].value.size() == sieve::limits::max_test_value_bytes);
    }
    SECTION("when blocks that run have used up what may be noted") {
        std::string taken;
        for (int i = 0; i < 200; ++i)
            taken += "if exists \"from\" { keep; }\n";
        CHECK(run(taken + source).untrue.empty());
        // What was noted before stays.
        CHECK(text_of(run("if exists \"y\" { discard; }\n" + taken + source)) ==
              "rule 1: 1 exists [y];\n");
    }
}

TEST_CASE("a run tells where it stopped and where the keep fell") {
    struct Case {
        const char* name;
        const char* source;
        unsigned stopped;
        unsigned cancelled;
    };
    const auto c = GENERATE(values<Case>({
        {"neither", "if exists \"y\" { discard; }", 0, 0},
        {"stop", "if true {\n stop; }\nkeep;", 2, 0},
        {"discard", "\n\ndiscard;\ndiscard;", 0, 3},
        {"a copy does not cancel",
         "require [\"copy\",\"fileinto\"];\nfileinto :copy \"a\";\nfileinto \"b\";", 0, 3},
        {"the same store again",
         "require [\"copy\",\"fileinto\"];\nfileinto :copy \"a\";\nfileinto \"a\";", 0, 3},
        {"redirect", "redirect \"a@b\";", 0, 1},
    }));
    CAPTURE(c.name);
    const sieve::Outcome outcome = run(c.source);
    CHECK(outcome.stopped_in == c.stopped);
    CHECK(outcome.keep_cancelled_in == c.cancelled);
}
