// SPDX-License-Identifier: MIT
// Scripts that include others (RFC 6609): what runs, in which order, with which variables, and what
// is an error. The host here has its scripts in memory.
#include "run_script.h"

#include <catch2/catch.hpp>

#include <map>

using sieve_test::World;

namespace {

// A host with scripts; "g/NAME" are the global ones.
struct Scripts {
    std::map<std::string, std::string> texts;
    World world;

    std::string run(const std::string& commands) {
        World with = world;
        with.host.scripts = texts;
        std::string outcome = sieve_test::outcome_of(
            "require [\"include\", \"variables\", \"imap4flags\", \"fileinto\"];\n" + commands,
            with);
        while (outcome.ends_with(" ()"))  // no flags
            outcome.resize(outcome.size() - 3);
        return outcome;
    }
};

}  // namespace

TEST_CASE("an included script acts in its place; return ends it, stop ends all (RFC 6609 §3.2)") {
    Scripts scripts;
    scripts.texts = {
        {"a", "require \"fileinto\"; fileinto \"A\";"},
        {"g/a", "require \"fileinto\"; fileinto \"Global\";"},
        {"returns",
         "require [\"include\", \"fileinto\"];\n"
         "if true { return; }\nfileinto \"never\";"},
        {"stops", "stop;"},
        {"deep", "require [\"include\", \"fileinto\"]; include \"stops\"; fileinto \"never\";"},
    };
    struct Case {
        std::string script, outcome;
    };
    const auto c = GENERATE(values<Case>({
        {"include \"a\"; fileinto \"B\";", "fileinto A; fileinto B"},
        {"include :personal \"a\";", "fileinto A"},
        {"include :global \"a\";", "fileinto Global"},
        {"include \"returns\"; fileinto \"B\";", "fileinto B"},
        {"include \"stops\"; fileinto \"B\";", "implicit keep"},
        {"fileinto \"B\"; include \"deep\"; fileinto \"C\";", "fileinto B"},
        {"if header :is \"subject\" \"hello big world\" { include \"a\"; } else { include "
         "\"stops\"; }",
         "fileinto A"},
        {"return; fileinto \"B\";", "implicit keep"},
        {"include :optional \"none\"; fileinto \"B\";", "fileinto B"},
        {"include \"a\"; include \"a\";", "fileinto A"},
    }));
    INFO(c.script);
    CHECK(scripts.run(c.script) == c.outcome);
}

TEST_CASE("a script that cannot be included is an error of the run (RFC 6609 §3.1)") {
    Scripts scripts;
    scripts.texts = {
        {"self", "require \"include\"; include \"self\";"},
        {"a", "require \"include\"; include \"b\";"},
        {"b", "require \"include\"; include \"a\";"},
        {"bad", "foo;"},
        {"once", "require \"include\"; include :once \"once\";"},
        {"ping", "require \"include\"; include :once \"pong\";"},
        {"pong", "require \"include\"; include :once \"ping\";"},
        {"fails", "require \"variables\";\n\nset \"v\" \"${hex:0}\";\nset \"x\" \"y\"; stop;"},
    };
    struct Case {
        std::string script, outcome;
    };
    const auto c = GENERATE(values<Case>({
        {"fileinto \"B\";\ninclude \"none\";",
         "implicit keep; error in line 3: included personal script 'none' does not exist"},
        {"include :global \"a\";",
         "implicit keep; error in line 2: included global script 'a' does not exist"},
        {"include \"self\";",
         "implicit keep; error in self line 1: included personal script 'self' includes itself"},
        {"include \"a\";",
         "implicit keep; error in b line 1: included personal script 'a' includes itself"},
        {"include \"bad\";",
         "implicit keep; error in line 2: included personal script 'bad': it "
         "has errors"},
        {"include \"once\"; fileinto \"B\";", "fileinto B"},
        {"include \"ping\"; fileinto \"B\";", "fileinto B"},
    }));
    INFO(c.script);
    CHECK(scripts.run(c.script) == c.outcome);
}

TEST_CASE("depth and number of included scripts are bounded") {
    Scripts scripts;
    for (int i = 0; i < 20; ++i)
        scripts.texts["s" + std::to_string(i)] =
            i == 0 ? "keep;" : "require \"include\"; include \"s" + std::to_string(i - 1) + "\";";
    CHECK(scripts.run("include \"s9\";") == "keep");
    CHECK(scripts.run("include \"s10\";") ==
          "implicit keep; error in s1 line 1: included personal script 's0' is nested too deep (11 "
          "> 10)");
    scripts.world.settings.max_includes = 3;
    CHECK(scripts.run("include \"s2\"; include \"s2\";") == "keep");
    CHECK(scripts.run("include \"s3\";").find("exceeds policy limit (4 > 3)") != std::string::npos);
}

TEST_CASE("variables are a script's own, but for those that are global (RFC 6609 §3.4)") {
    Scripts scripts;
    scripts.texts = {
        {"own",
         "require [\"variables\", \"imap4flags\"];\n"
         "addflag \"own-${v}-${1}\"; set \"v\" \"changed\";\n"
         "if header :matches \"subject\" \"* * *\" { addflag \"${1}\"; }"},
        {"shares",
         "require [\"include\", \"variables\"];\nglobal [\"V\", \"w\"];\n"
         "set \"v\" \"${v}+\"; set \"w\" \"from-included\";"},
        {"names",
         "require [\"include\", \"variables\"];\nset \"global.v\" \"named\";\n"
         "set \"v\" \"own\";"},
        {"flags",
         "require [\"include\", \"variables\", \"imap4flags\"];\nglobal \"v\";\n"
         "addflag \"v\" \"added\";"},
    };
    struct Case {
        std::string script, outcome;
    };
    const auto c = GENERATE(values<Case>({
        {"set \"v\" \"mine\"; if header :matches \"x-twice\" \"f*\" { include \"own\"; addflag "
         "\"${v}-${1}\"; }",
         "implicit keep (own-- hello mine-irst)"},
        {"include \"own\"; include \"own\";", "implicit keep (own-- hello)"},
        {"global \"v\"; set \"v\" \"a\"; include \"shares\"; include \"shares\"; addflag "
         "\"${v}-${global.w}\";",
         "implicit keep (a++-from-included)"},
        {"include \"names\"; addflag \"${global.v}-${v}\";", "implicit keep (named-)"},
        {"global \"v\"; set \"v\" \"first\"; include \"flags\"; setflag \"${v}\";",
         "implicit keep (first added)"},
    }));
    INFO(c.script);
    CHECK(scripts.run(c.script) == c.outcome);
}

TEST_CASE("what included scripts saw is told for each of them") {
    World world;
    world.host.scripts = {
        {"a", "# nothing\nif header :is \"subject\" \"hello big world\" { stop; }\n"}};
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const auto compiled = sieve::compile(
        "require \"include\"; if header :is \"to\" \"me\" { discard; } include \"a\";", options);
    const sieve_test::FakeMessage message(world.message);
    const sieve::Outcome outcome =
        sieve::run(*compiled.program, {message, world.envelope, world.host, world.settings, "t"});
    CHECK(outcome.untrue.size() == 1);
    CHECK(outcome.decisions.empty());
    CHECK(outcome.stopped_in == 0);
    REQUIRE(outcome.included.size() == 1);
    CHECK(outcome.included[0].script == "a");
    REQUIRE(outcome.included[0].decisions.size() == 1);
    CHECK(outcome.included[0].decisions[0].line == 2);
    CHECK(outcome.included[0].stopped_in == 2);
}

TEST_CASE("names of scripts are those of RFC 5804 §1.6") {
    CHECK(sieve::is_script_name("a b.c"));
    CHECK(sieve::is_script_name("größer"));
    for (const char* bad : {"", "a/b", "..\n", "a\x7f", "a\xc2\x80",
                            "a\xe2\x80\xa8"
                            "b",
                            "\xff"})
        CHECK_FALSE(sieve::is_script_name(bad));
    CHECK(sieve::is_script_name(std::string(256, 'x')));
    CHECK_FALSE(sieve::is_script_name(std::string(257, 'x')));
}

TEST_CASE("tests that were not true are noted up to one bound for all scripts of a run") {
    World world;
    const std::string untrue = "if header :is \"subject\" \"no\" { discard; }\n";
    world.host.scripts = {{"b", untrue + untrue},
                          {"a", "require \"include\";\n" + untrue + "include \"b\";\n" + untrue}};
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const auto compiled = sieve::compile(
        "require \"include\";\ninclude \"a\";\n" + untrue + untrue + untrue + untrue, options);
    const sieve_test::FakeMessage message(world.message);
    const sieve::Outcome outcome = sieve::run(
        *compiled.program, {message, world.envelope, world.host, world.settings, "t", nullptr, 5});
    std::size_t noted = outcome.untrue.size();
    for (const sieve::IncludedReport& report : outcome.included)
        noted += report.untrue.size();
    CHECK(noted == 5);
    CHECK(outcome.omitted_tests == 3);
}
