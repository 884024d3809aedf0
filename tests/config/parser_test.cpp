// SPDX-License-Identifier: MIT
#include "config/parser.h"

#include "config/limits.h"

#include <catch2/catch.hpp>

namespace {

std::vector<std::string> errors_of(const std::string& text) {
    std::vector<std::string> texts;
    for (const auto& problem : config::parse_text(text, "x.conf").problems) {
        texts.push_back(std::to_string(problem.place.line) + ":" + problem.text);
    }
    return texts;
}

std::string value_of(const std::string& text, const std::string& path) {
    auto outcome = config::parse_text(text, "x.conf");
    CAPTURE(text);
    for (const auto& problem : outcome.problems)
        UNSCOPED_INFO(problem.text);
    CHECK(outcome.problems.empty());
    for (const auto& group : outcome.document.groups) {
        if (const auto* found = group.find(path)) return found->value;
    }
    return "(unset)";
}

}  // namespace

TEST_CASE("values: quotes, comments, continuations as Dovecot reads them") {
    struct Case {
        const char* text;
        const char* value;
    };
    auto [text, value] = GENERATE(values<Case>({
        {"mail_home = /a b  c", "/a b  c"},
        {"mail_home=/a", "/a"},
        {"mail_home =", ""},
        {"mail_home = \"/a #b\" # c", "/a #b"},
        {"mail_home = 'it\\'s'", "it's"},
        {"mail_home = \\Trash", "\\Trash"},
        {"mail_home = it's # no comment", "it's # no comment"},
        {"mail_home = /a # comment", "/a"},
        {"mail_home = a \\\n   b", "a b"},
        {"mail_home = a \\\n# lost\n", "(unset)"},
        {"mail_home = /a \\", "/a"},
        {"mail_home = /a \\\n", "/a"},
        {"mail_home = /a\r\n", "/a"},
        {"mail_home = /a\nmail_home = /b", "/b"},
    }));
    CHECK(value_of(text, "mail_home") == value);
}

TEST_CASE("$name is the value so far, in the filter or above it, or the default") {
    CHECK(value_of("mail_plugins = a\nmail_plugins = $mail_plugins b", "mail_plugins") == "a b");
    CHECK(value_of("protocol lda {\n mail_plugins = $mail_plugins sieve\n}", "mail_plugins") ==
          " sieve");
    CHECK(value_of("mail_plugins = \"$x\"", "mail_plugins") == "$x");
    CHECK(value_of("mail_home = $ENV:TAMIS_NO_SUCH_VARIABLE", "mail_home") == "");
    CHECK(errors_of("mail_home = $nothing") ==
          std::vector<std::string>{"1:Unknown variable: $nothing"});
}

TEST_CASE("every mistake is found in one pass, with Dovecot's text and its line") {
    CHECK(errors_of(
              "foo = 1\nssl = maybe\nservice lmtp {\n foo = 2\n unix_listener x {\n  mode = 0999\n "
              "}\n}\nmail_debug = true\n"
              "word\n}\nfirst_valid_uid = x\nlmtp_max_message_size = 5X\nauth_cache_ttl = 5\n") ==
          std::vector<std::string>{
              "1:Unknown setting: foo", "2:Invalid value: maybe",
              "4:Unknown setting: service { foo", "6:Invalid number: 0999",
              "9:Invalid boolean value: true (use yes or no)", "10:Expecting '{'",
              "11:Unexpected '}'", "12:Invalid number x: Not a valid number", "13:Invalid size: 5X",
              "14:Time interval '5' is missing units (add e.g. 's' for seconds)"});
    CHECK(errors_of("protocol lda {\n") ==
          std::vector<std::string>{"0:Missing '}' (section started at x.conf:1)"});
    CHECK(errors_of("protocol a {\nprotocol b {\n}\n}") ==
          std::vector<std::string>{"2:Nested protocol { protocol { .. } } block not allowed"});
    CHECK(errors_of("local 1.2.3.4 {\nauth_mechanisms = plain\n}") ==
          std::vector<std::string>{
              "2:Auth settings not supported inside local/remote blocks: auth_mechanisms"});
    CHECK(errors_of("!include /nonexistent/*.conf\n!include_try /nonexistent/*.conf") ==
          std::vector<std::string>{"1:No matches"});
}

TEST_CASE("a mistake has its column and a hint") {
    auto problems = config::parse_text("mail_locaton = x\n  ssl = requird\n", "x.conf").problems;
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].hint == "did you mean 'mail_location'?");
    CHECK(problems[0].place.column == 1);
    CHECK(problems[0].place.length == 12);
    CHECK(problems[1].hint == "did you mean 'required'?");
    CHECK(problems[1].place.column == 9);
    CHECK(problems[0].message() ==
          "Error in configuration file x.conf line 1: Unknown setting: mail_locaton");
}

TEST_CASE("obsolete settings are accepted with a warning, foreign ones are known") {
    auto outcome = config::parse_text(
        "login_max_processes_count = 256\nssl_dh_parameters_length = 2048\nimapc_host = x\n",
        "x.conf");
    CHECK(outcome.problems.empty());
    REQUIRE(outcome.document.warnings.size() == 3);
    CHECK(outcome.document.warnings[1].text ==
          "Obsolete setting in x.conf:1: login_max_processes_count has been replaced by service { "
          "process_limit }");
}

TEST_CASE("a global setting after a filter that has it is warned of") {
    auto outcome =
        config::parse_text("protocol lda {\nmail_plugins = a\n}\nmail_plugins = b\n", "x.conf");
    REQUIRE(outcome.document.warnings.size() == 1);
    CHECK(outcome.document.warnings[0].text ==
          "Global setting mail_plugins won't change the setting inside an earlier filter at x.conf "
          "line 2 (if this is "
          "intentional, avoid this warning by moving the global setting before x.conf line 2)");
    outcome = config::parse_text(
        "protocol lda {\nplugin {\nsieve = a\n}\n}\nplugin {\nsieve = b\n}\n", "x.conf");
    CHECK(outcome.document.warnings.empty());
}

TEST_CASE("limits hold at their edge") {
    auto line = [](std::size_t bytes) { return "mail_home = " + std::string(bytes - 12, 'x'); };
    CHECK(errors_of(line(config::max_line_bytes)).empty());
    CHECK(errors_of(line(config::max_line_bytes + 1)) ==
          std::vector<std::string>{"1:Line too long"});
    std::string many;
    for (std::size_t i = 0; i < config::max_problems + 100; ++i)
        many += "foo = 1\n";
    auto errors = errors_of(many);
    REQUIRE(errors.size() == config::max_problems + 1);
    CHECK(errors.back().find("Too many mistakes: after the first 1000 the rest was not read") !=
          std::string::npos);
    std::string deep;
    for (std::size_t i = 0; i < config::max_section_depth + 3; ++i)
        deep += "remote 10.0.0.0/8 {\n";
    CHECK(errors_of(deep)[0] ==
          std::to_string(config::max_section_depth + 1) + ":Too many nested sections");
}
