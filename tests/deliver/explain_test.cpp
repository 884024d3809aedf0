// SPDX-License-Identifier: MIT
// Whole deliveries, and what the record and `tamis explain` say of them afterwards.
#include "deliver/explain.h"

#include "sieve/limits.h"
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>

using deliver::Disposition;

namespace {

constexpr std::string_view with_sieve = R"(
mail_plugins = sieve
plugin {
  sieve = file:~/.dovecot.sieve
  sieve_before = @D@/before.sieve
  sieve_after = @D@/after.sieve
}
)";

void write_scripts(const Site& site, const std::string& before, const std::string& personal,
                   const std::string& after) {
    if (!before.empty()) site.directory.write("before.sieve", before);
    if (!personal.empty()) site.directory.write("home/.dovecot.sieve", personal);
    if (!after.empty()) site.directory.write("after.sieve", after);
}

}  // namespace

TEST_CASE("explain says why not for what was not done") {
    struct Case {
        const char* name;
        std::string before, own, after;
        std::vector<std::string> wanted;
    };
    const auto c = GENERATE(values<Case>({
        {"a rule that is not true",
         "keep;\n",
         "if header :contains \"subject\" \"spam\" {\n  discard;\n}\n",
         "keep;\n",
         {"line 1: if header :contains \"subject\" \"spam\": not true: subject was \"x\"\n",
          "no rule of it was true"}},
        {"a script of commands alone",
         "keep;\n",
         "discard;\n",
         "keep;\n",
         {"line 1: discard;\n",
          "/after.sieve (after, did not run)\n    not run: the keep was cancelled by .dovecot line "
          "1"}},
        {"a compile error stops the sequence",
         "foo;\n",
         "discard;\n",
         "keep;\n",
         {"compile error\n    line 1: foo: error: unknown command 'foo'",
          "not run: before could not be compiled"}},
        {"all errors",
         "keep;\n",
         "foo;\nbar;\nif header \"a\" {\n}\n",
         "",
         {"compile error: 3 errors", "line 1: foo: error: unknown command",
          "line 2: bar: error: unknown command", "line 3: if header \"a\": error: "}},
        {"nothing to decide", "", "", "require \"fileinto\";\n", {"it decided nothing"}},
        {"stop",
         "",
         "if true {\n  stop;\n}\ndiscard;\n",
         "",
         {"line 2: stop: the script ended here"}},
    }));
    CAPTURE(c.name);
    Site site{std::string(with_sieve)};
    write_scripts(site, c.before, c.own, c.after);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const auto record = site.record();
    REQUIRE(record);
    const std::string text = deliver::explain(*record, deliver::Colours::none);
    for (const std::string& wanted : c.wanted) {
        CAPTURE(wanted, text);
        CHECK(text.find(wanted) != std::string::npos);
    }
}

TEST_CASE("explain quotes the script as it was, and says when it has changed") {
    Site site{std::string(with_sieve)};
    const char* const first = "if header \"subject\" \"x\" {\n  keep;\n}\n";
    site.script(first);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const auto record = site.record();
    REQUIRE(record);
    const auto text = [&] { return deliver::explain(*record, deliver::Colours::none); };
    CHECK(text().find("changed since") == std::string::npos);
    site.script("# another\ndiscard;\n");  // of the same second
    CHECK(text().find("changed since") != std::string::npos);
    CHECK(text().find("line 1: if header \"subject\" \"x\": true") != std::string::npos);
    CHECK(text().find("another") == std::string::npos);
    site.script(first);
    CHECK(text().find("changed since") == std::string::npos);
    std::filesystem::remove(site.directory.at("home/.dovecot.sieve"));
    CHECK(text().find("its file can no longer be read") != std::string::npos);
}

TEST_CASE("of two scripts with one name the second goes by its path in the record") {
    Site twice{std::string(with_sieve) + "plugin {\n  sieve_before2 = @D@/more/before.sieve\n}\n"};
    std::filesystem::create_directories(twice.directory.at("more"));
    twice.directory.write("more/before.sieve", "redirect \"a@example.net\";\n");
    write_scripts(twice, "keep;\n", "discard;\n", "");
    CHECK(twice.deliver().result == Disposition::Result::delivered);
    const auto record = twice.record();
    REQUIRE(record);
    REQUIRE(record->scripts.size() >= 2);
    CHECK(record->scripts[0].name == "before");
    CHECK(record->scripts[1].name == record->scripts[1].path);
    REQUIRE(!record->actions.empty());
    CHECK(record->actions[0].script == record->scripts[1].path);
}

TEST_CASE("scripts that fill the record with what was not true share its bound") {
    Site site{std::string(with_sieve)};
    std::string many;
    for (int i = 0; i < 15; ++i)
        many += "if header \"x-" + std::to_string(i) + "\" \"a\" { discard; }\n";
    write_scripts(site, many, many, many);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const auto record = site.record();
    REQUIRE(record);
    CHECK(deliver::recorded_tests(record->scripts) == sieve::limits::default_recorded_tests);
    CHECK(record->scripts.at(2).omitted_tests == 15);
}
