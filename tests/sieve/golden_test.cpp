// SPDX-License-Identifier: MIT
// Every NAME.sieve in fixtures/sieve/golden against the files beside it: NAME.errors for one that
// does not compile; else NAME.ast (where it exists), NAME.listing, NAME.outcome on NAME.eml or
// default.eml. UPDATE_GOLDEN=1 rewrites them.
#include "fake_message.h"
#include "outcome_text.h"
#include "sieve/compile.h"
#include "sieve/machine/machine.h"
#include "sieve/program/listing.h"
#include "sieve/syntax/parse.h"
#include "tree_text.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

void compare(const fs::path& golden, const std::string& actual) {
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream(golden, std::ios::binary) << actual;
        return;
    }
    CAPTURE(golden.filename().string());
    CHECK(read(golden) == actual);
}

void check(const fs::path& script) {
    const std::string source = read(script);
    const std::string name = script.stem().string();
    const auto beside = [&](const char* extension) {
        return fs::path(script).replace_extension(extension);
    };
    const sieve::Compilation compiled =
        sieve::compile(source, {.extensions = sieve::every_extension()});
    const std::string messages = sieve::render(compiled, name, source);
    if (fs::exists(beside(".ast"))) {
        sieve::Diagnostics ignored;
        compare(beside(".ast"), sieve_test::to_text(sieve::parse(source, ignored)));
    }
    if (!compiled.program) return compare(beside(".errors"), messages);
    if (!messages.empty()) compare(beside(".warnings"), messages);
    compare(beside(".listing"), sieve::listing(*compiled.program));

    const fs::path mail =
        fs::exists(beside(".eml")) ? beside(".eml") : script.parent_path() / "default.eml";
    const sieve_test::FakeMessage message(read(mail));
    const sieve_test::FakeHost host;
    sieve::Envelope envelope;
    envelope.from = "sender@example.com";
    envelope.to = "user+detail@example.org";
    envelope.dsn = {.notify = "SUCCESS,FAILURE",
                    .orcpt = "rfc822;first@example.com",
                    .ret = "HDRS",
                    .envid = "QQ314159"};
    // Ten minutes after FakeHost::now().
    envelope.deliver_by = sieve::DeliverBy{.at = 1795512630, .returns = false, .trace = true};
    const sieve::RunSettings settings;
    const sieve::Job job{message, envelope, host, settings, name};
    compare(beside(".outcome"), sieve_test::full(sieve::run(*compiled.program, job)));
}

}  // namespace

TEST_CASE("scripts compile and run as their goldens say") {
    std::vector<fs::path> scripts;
    for (const auto& entry : fs::directory_iterator(SIEVE_GOLDEN_DIR))
        if (entry.path().extension() == ".sieve") scripts.push_back(entry.path());
    std::ranges::sort(scripts);
    REQUIRE_FALSE(scripts.empty());
    for (const fs::path& each : scripts)
        check(each);
}
