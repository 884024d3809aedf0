// SPDX-License-Identifier: MIT
// What scripts decide: actions, implicit keep, merging, limits, variables, flags.
#include "run_script.h"

#include <catch2/catch.hpp>

#include <sstream>

using sieve_test::outcome_of;
using sieve_test::World;

namespace {

struct Case {
    const char* name;
    const char* script;
    const char* outcome;
};

void check(std::initializer_list<Case> cases) {
    for (const Case& each : cases) {
        CAPTURE(each.name, each.script);
        CHECK(outcome_of(each.script) == each.outcome);
    }
}

}  // namespace

TEST_CASE("the implicit keep stands until an action cancels it (RFC 5228 2.10.2)") {
    check({
        {"empty script", "", "implicit keep"},
        {"keep", "keep;", "keep"},
        {"discard", "discard;", "discard"},
        {"keep and discard", "keep; discard;", "keep; discard"},
        {"fileinto", R"(require "fileinto"; fileinto "A";)", "fileinto A"},
        {"fileinto :copy (RFC 3894)", R"(require ["fileinto","copy"]; fileinto :copy "A";)",
         "fileinto A :copy; implicit keep"},
        {"the same once more without :copy cancels",
         R"(require ["fileinto","copy"]; fileinto :copy "A"; fileinto "A";)", "fileinto A"},
        {"redirect", R"(redirect "a@b.example";)", "redirect a@b.example"},
        {"stop", R"(if true { stop; } discard;)", "implicit keep"},
        {"else", R"(if exists "x" { discard; } else { keep; })", "keep"},
        {"elsif", R"(if exists "x" { stop; } elsif exists "from" { keep; } else { discard; })",
         "keep"},
    });
}

TEST_CASE("the same store or recipient twice is one action") {
    check({
        {"mailbox", R"(require "fileinto"; fileinto "A"; fileinto "B"; fileinto "A";)",
         "fileinto A; fileinto B"},
        {"INBOX in any case is the keep", R"(require "fileinto"; keep; fileinto "inbox";)", "keep"},
        {"keep after INBOX", R"(require "fileinto"; fileinto "Inbox"; keep;)", "keep"},
        {"redirect, domain case apart", R"(redirect "A@b.c"; redirect "A@B.C"; redirect "a@b.c";)",
         "redirect A@b.c; redirect a@b.c"},
        {"the last flags rule",
         R"(require ["fileinto","imap4flags"]; fileinto :flags "\\Seen" "A"; fileinto :flags "\\Flagged" "A";)",
         "fileinto A (\\Flagged)"},
    });
}

TEST_CASE("policy limits are held at their edges and fail the script as a whole") {
    const auto script = [](const char* command, unsigned count) {
        std::ostringstream text;
        text << "require \"fileinto\";\n";
        for (unsigned i = 0; i < count; ++i)
            text << command << " \"x" << i << "@example.com\";\n";
        return text.str();
    };
    World world;
    world.settings.max_actions = 3;
    CHECK_THAT(outcome_of(script("fileinto", 3), world), !Catch::Contains("error"));
    CHECK(outcome_of(script("fileinto", 4), world) ==
          "implicit keep; error in line 5: total number of actions exceeds policy limit (4 > 3)");
    world.settings.max_actions = 0;
    CHECK_THAT(outcome_of(script("fileinto", 100), world), !Catch::Contains("error"));
    CHECK_THAT(outcome_of(script("redirect", 4), world), !Catch::Contains("error"));
    CHECK(
        outcome_of(script("redirect", 5), world) ==
        "implicit keep; error in line 6: number of redirect actions exceeds policy limit (5 > 4)");
    world.settings.max_redirects = 0;
    CHECK_THAT(outcome_of(script("redirect", 1), world), Catch::Contains("prohibits"));
}

TEST_CASE("what earlier scripts decided counts and stands after an error") {
    World world;
    world.before.actions = {{{"before", 1}, sieve::FileInto{"A", {}, false, false}},
                            {{"before", 2}, sieve::Keep{}}};
    CHECK(outcome_of(R"(require "fileinto"; fileinto "A";)", world) == "fileinto A");
    CHECK(outcome_of("", world) == "fileinto A; implicit keep");
    world.settings.max_actions = 1;
    CHECK(
        outcome_of(R"(discard;)", world) ==
        "fileinto A; keep; implicit keep; error in line 1: total number of actions exceeds policy "
        "limit (2 > 1)");
}

TEST_CASE("variables hold, expand and change text (RFC 5229)") {
    check({
        {"set and expand",
         R"(require ["variables","fileinto"]; set "A" "x"; fileinto "${a}y${A}";)", "fileinto xyx"},
        {"unknown is empty", R"(require ["variables","fileinto"]; fileinto "a${none}b";)",
         "fileinto ab"},
        {"no nesting", R"(require ["variables","fileinto"]; set "a" "b"; fileinto "${${a}}";)",
         "fileinto ${b}"},
        {"no reference", R"(require ["variables","fileinto"]; fileinto "$a ${ } ${a-b} ${";)",
         "fileinto $a ${ } ${a-b} ${"},
        {"match values",
         R"(require ["variables","fileinto"]; if header :matches "subject" "* big *" { fileinto "${0}|${1}|${2}|${3}"; })",
         "fileinto hello big world|hello|world|"},
        {"shortest match first (3.2)",
         R"(require ["variables","fileinto"]; if string :matches "a.b.c" "*.*" { fileinto "${1}|${2}"; })",
         "fileinto a|b.c"},
        {"a failed match changes nothing",
         R"(require ["variables","fileinto"]; if string :matches "ab" "a*" { } if string :matches "xy" "a*" { } fileinto "${1}";)",
         "fileinto b"},
        {"body sets none (RFC 5173 6)",
         R"(require ["variables","fileinto","body"]; if string :matches "ab" "a*" { } if body :matches "b*" { fileinto "${1}"; })",
         "fileinto b"},
        {"modifiers in their order (4.1)",
         R"(require ["variables","fileinto"]; set "a" "juMBlEd"; set :upperfirst :lower "b" "${a}"; set :length "c" "${a}"; set :quotewildcard "d" "a*b"; fileinto "${b} ${c} ${d}";)",
         "fileinto Jumbled 7 a\\*b"},
        {"length counts characters",
         "require [\"variables\",\"fileinto\"]; set :length \"n\" \"\xc3\xa4\xe2\x82\xac\"; "
         "fileinto \"${n}\";",
         "fileinto 2"},
        {"list with variables",
         R"(require ["variables","fileinto"]; set "k" "big"; if header :contains "subject" ["x", "${k}"] { fileinto "A"; })",
         "fileinto A"},
        {"header named by a variable",
         R"(require ["variables","fileinto"]; set "h" "subject"; if header :contains "${h}" "big" { fileinto "A"; })",
         "fileinto A"},
    });
}

TEST_CASE("values are cut at the limit of a variable, never inside a character") {
    World world;
    world.settings.max_variable_bytes = 4;
    CHECK(outcome_of(
              "require [\"variables\",\"fileinto\"]; set \"a\" \"abc\xc3\xa4\"; fileinto \"${a}\";",
              world) == "fileinto abc");
    CHECK(outcome_of(R"(require ["variables","fileinto"]; set "a" "abcd"; fileinto "${a}";)",
                     world) == "fileinto abcd");
}

TEST_CASE("flags are set, added, removed and stored with (RFC 5232)") {
    check({
        {"implicit keep",
         R"(require "imap4flags"; setflag "\\seen"; addflag ["$a \\FLAGGED", "$A"];)",
         "implicit keep (\\Seen $a \\Flagged)"},
        {"remove", R"(require "imap4flags"; setflag "a b c"; removeflag ["B", "x"]; keep;)",
         "keep (a c)"},
        {"invalid ones vanish", R"(require "imap4flags"; setflag "\\Recent a(b ok"; keep;)",
         "keep (ok)"},
        {":flags rules", R"(require "imap4flags"; setflag "a"; keep :flags "b";)", "keep (b)"},
        {"variable",
         R"(require ["imap4flags","variables","fileinto"]; setflag "v" "a b"; addflag "v" "c"; fileinto :flags "${v}" "A";)",
         "fileinto A (a b c)"},
        {"hasflag", R"(require "imap4flags"; setflag "a b"; if hasflag "B x" { keep; })",
         "keep (a b)"},
        {"hasflag of a variable with count",
         R"(require ["imap4flags","variables","relational","comparator-i;ascii-numeric"]; setflag "v" "a b"; if hasflag :count "eq" :comparator "i;ascii-numeric" "v" "2" { discard; })",
         "discard"},
    });
}

TEST_CASE("header values are asked for once a run") {
    const sieve::Compilation compiled = sieve::compile(
        R"(if header :contains "subject" "a1" { } if header :contains "subject" "b2" { } if header "subject" "c" { })",
        {});
    const World world;
    const sieve_test::FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    sieve::run(*compiled.program, job);
    CHECK(message.look_ups == 1);
}

TEST_CASE("the step budget ends a run and counts the work of matchers") {
    World world;
    world.settings.max_steps = 40;
    CHECK(outcome_of(R"(if header :contains "subject" "x" { discard; })", world) ==
          "implicit keep");
    world.message = "Subject: " + std::string(20000, 'a') + "\n\n";
    CHECK_THAT(outcome_of(R"(if header :contains "subject" "xy" { discard; })", world),
               Catch::Contains("limit of instructions"));
}

TEST_CASE("the record names the line, the field, the value and the key") {
    const sieve::Compilation compiled = sieve::compile(
        "require \"fileinto\";\nif header :contains \"x-none\" \"a\" { discard; }\n"
        "elsif allof (exists \"from\",\n header :contains \"Subject\" [\"no\", \"BIG\"])\n{ "
        "fileinto \"A\"; }\n",
        {});
    const World world;
    const sieve_test::FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    const sieve::Outcome outcome = sieve::run(*compiled.program, job);
    REQUIRE(outcome.decisions.size() == 1);
    CHECK(outcome.decisions[0].line == 3);
    REQUIRE(outcome.decisions[0].matches.size() == 2);
    const sieve::MatchRecord& match = outcome.decisions[0].matches[1];
    CHECK(match.line == 4);
    CHECK(match.field == "Subject");
    CHECK(match.value == "hello big world");
    CHECK(match.key == "BIG");
    CHECK(outcome.decided.actions[0].origin.line == 5);
}
