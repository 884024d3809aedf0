// SPDX-License-Identifier: MIT
// Limits and rules of editheader (RFC 5293 §4, §6); what it does stands in the goldens.
#include "run_script.h"

#include <catch2/catch.hpp>

using sieve_test::outcome_of;
using sieve_test::World;

namespace {

std::string run(const std::string& commands, const World& world = {}) {
    return outcome_of("require [\"editheader\", \"variables\", \"imap4flags\"];\n" + commands,
                      world);
}

}  // namespace

TEST_CASE("an added field may be as long as the setting says, names and values counted") {
    World world;
    world.settings.edit.max_header_bytes = 1024;
    const std::string value(1024 - 5, 'x');
    CHECK(run("addheader \"X-Foo\" \"" + value + "\";", world) == "implicit keep");
    CHECK(run("addheader \"X-Foo\" \"" + value + "x\";", world) ==
          "implicit keep; error in line 2: the header field 'X-Foo' is longer than 1024 octets");
}

TEST_CASE("a run adds a bounded number of octets") {
    World world;
    std::string script = "set \"v\" \"" + std::string(2000, 'x') + "\";\n";
    const std::string error = "octets are added to the header";
    for (int i = 0; i < 500; ++i)
        script += "addheader \"X-Foo\" \"${v}\";\n";
    CHECK(run(script, world).find(error) == std::string::npos);
    for (int i = 0; i < 50; ++i)
        script += "addheader \"X-Foo\" \"${v}\";\n";
    CHECK(run(script, world).find(error) != std::string::npos);
}

TEST_CASE("the settings forbid what they name, the standard the rest, and Subject is free") {
    World world;
    world.settings.edit.forbid_add = {"x-no", "subject"};
    world.settings.edit.forbid_delete = {"X-Twice", "Subject"};
    const auto is_there = [&](const std::string& edit, const std::string& field) {
        return run(edit + " if exists \"" + field + "\" { setflag \"there\"; }", world) ==
               "implicit keep (there)";
    };
    CHECK_FALSE(is_there("addheader \"X-No\" \"\";", "X-No"));
    CHECK(is_there("addheader \"X-Yes\" \"\";", "X-Yes"));
    CHECK(is_there("deleteheader \"x-twice\";", "X-Twice"));
    CHECK_FALSE(is_there("deleteheader \"subject\";", "Subject"));
    CHECK(is_there("deleteheader \"subject\"; addheader \"Subject\" \"new\";", "Subject"));
    CHECK_FALSE(
        is_there("addheader \"X-Sieve-Redirected-From\" \"a\";", "X-Sieve-Redirected-From"));
}

TEST_CASE("an edit that nothing follows is made nevertheless, and once") {
    World world;
    const auto compiled = [&](const std::string& script) {
        sieve::CompileOptions options;
        options.extensions = sieve::every_extension();
        return sieve::compile(script, options);
    };
    const auto script =
        compiled("require \"editheader\"; keep; addheader \"X-Foo\" \"bar\"; keep;");
    const sieve_test::FakeMessage message(world.message);
    const sieve::Job job{message, world.envelope, world.host, world.settings, "t"};
    const sieve::Outcome outcome = sieve::run(*script.program, job, {});
    REQUIRE(outcome.decided.message != nullptr);
    CHECK(outcome.decided.message->header("X-Foo") == std::vector<std::string>{"bar"});
    // RFC 5293 §7: the message stays the same one, so it is stored once.
    REQUIRE(outcome.decided.actions.size() == 1);
    CHECK(outcome.decided.actions[0].message == nullptr);
}
