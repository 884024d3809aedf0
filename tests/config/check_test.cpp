// SPDX-License-Identifier: MIT
#include "config/check.h"

#include "config/limits.h"
#include "config/parser.h"
#include "config/rules.h"
#include "config/table.h"
#include "temp_tree.h"

#include <catch2/catch.hpp>

#include <set>

namespace {

std::vector<std::string> broken_rules(const std::string& text) {
    auto outcome = config::parse_text(text + "\n", "x.conf");
    config::Problems problems = outcome.problems;
    config::check_rules(outcome.document, problems);
    config::check_namespaces(outcome.document, problems);
    std::vector<std::string> texts;
    for (const config::Problem& problem : problems)
        texts.push_back(problem.text);
    return texts;
}

bool remarked(const std::string& text, const std::string& part) {
    auto outcome = config::parse_text(text + "\n", "x.conf");
    REQUIRE(outcome.problems.empty());
    for (const config::Problem& problem : config::remarks(outcome.document)) {
        if (problem.text.find(part) != std::string::npos) return true;
    }
    return false;
}

std::string in_plugin(const std::string& lines) {
    return "plugin {\n" + lines + "\n}";
}

}  // namespace

TEST_CASE("rules between settings are told in Dovecot's words") {
    struct Case {
        const char* text;
        const char* error;
    };
    auto [text, error] = GENERATE(values<Case>({
        {"protocols = imap foo", "protocols: Unknown protocol: foo"},
        {"protocols = none", nullptr},
        {"protocols = imap foo\nservice foo {\n protocol = foo\n}", nullptr},
        {"service auth {\n process_limit = 2\n}", "service(auth): process_limit must be 1"},
        {"service imap {\n vsz_limit = 2 k\n}", "service(imap): vsz_limit is too low"},
        {"service imap {\n vsz_limit = 0\n}", nullptr},
        {"service imap {\n vsz_limit = 1 M\n}", nullptr},
        {"passdb {\n}", "passdb is missing driver"},
        {"userdb {\n}", "userdb is missing driver"},
        {"listen =", "listen can't be set empty"},
        {"first_valid_uid = 6\nlast_valid_uid = 5",
         "first_valid_uid can't be larger than last_valid_uid"},
        {"namespace a {\n inbox = yes\n mailbox x {\n special_use = \\\\Junk\n }\n}",
         "mailbox x: unknown special_use: \\\\Junk"},
        {"namespace a {\n inbox = yes\n mailbox x {\n special_use = \"\\\\Junk\"\n }\n}", nullptr},
        {"namespace a {\n}", "namespace configuration error: inbox=yes namespace missing"},
        {"namespace a {\n inbox = yes\n}\nnamespace b {\n inbox = yes\n prefix = b/\n}",
         "namespace configuration error: There can be only one namespace with inbox=yes"},
        {"namespace a {\n inbox = yes\n prefix = x\n separator = .\n}",
         "namespace configuration error: list=yes requires prefix=x to end with separator ."},
        {"namespace a {\n inbox = yes\n separator = ..\n}",
         "Namespace '': Hierarchy separator must be only one character long"},
        {"imap_client_workarounds = delay-newmail foo",
         "imap_client_workarounds: Unknown workaround: foo"},
    }));
    CAPTURE(text);
    auto found = broken_rules(text);
    CHECK(found == (error ? std::vector<std::string>{error} : std::vector<std::string>{}));
}

TEST_CASE("what does not do what it seems to is remarked on") {
    CHECK(remarked(in_plugin("global_script_path = /x"), "global_script_path has no effect"));
    CHECK(remarked(in_plugin("sieve_befor = /x"), "Unknown setting in plugin {}: sieve_befor"));
    CHECK(!remarked(in_plugin("sieve_before12 = /x"), "Unknown"));
    CHECK(remarked(in_plugin("sieve_before12 = /x"), "is not looked at"));
    CHECK(!remarked(in_plugin("sieve_before = /x\nsieve_before2 = /y"), "is not looked at"));
    CHECK(remarked(in_plugin("quota_warning = storage=80%% a\nquota_warning2 = storage=95%% b"),
                   "this warning at 95% never runs"));
    CHECK(!remarked(in_plugin("quota_warning = storage=95%% a\nquota_warning2 = storage=80%% b"),
                    "never runs"));
    CHECK(!remarked(in_plugin("quota_warning = messages=80%% a\nquota_warning2 = storage=95%% b"),
                    "never runs"));
    CHECK(remarked(in_plugin("quota_rule = Trash:storage=+10%"), "a single % at the end"));
    CHECK(!remarked(in_plugin("quota_rule = Trash:storage=+10%%"), "a single %"));
    CHECK(remarked(in_plugin("sieve_redirect_envelope_from = sender"), "SPF"));
    CHECK(remarked(in_plugin("sieve_extensions = +vnd.dovecot.pipe"), "sieve_extprograms"));
    CHECK(remarked(in_plugin("sieve_extensions = +vnd.dovecot.pipe\nsieve_plugins = "
                             "sieve_extprograms"),
                   "no program can be run"));
    CHECK(remarked(in_plugin("sieve_pipe_bin_dir = /nonexistent/x"), "directory does not exist"));
    CHECK(remarked("director_servers = x", "(effect: none)"));
    CHECK(remarked("pop3_lock_session = yes", "(effect: later)"));
    CHECK(!remarked("mail_fsync = always", "effect"));
    CHECK(remarked("service lmtp {\n chroot = x\n}", "chroot is accepted"));
}

TEST_CASE("a check says everything at once, with line, column and hint") {
    TempTree tree;
    std::string path = tree.write("x.conf",
                                  "mail_locaton = x\n  ssl = requird\nplugin {\n  sieve_befor = "
                                  "/x\n}\nprotocols = imapp\n!include other/*.conf\n");
    tree.write("other/a.conf", "foo\n");
    config::CheckOutcome outcome = config::check_file(path);
    CHECK(outcome.errors == 4);
    std::string all;
    for (const config::Problem& problem : outcome.problems)
        all += config::report(problem);
    auto said = [&](const std::string& text) { return all.find(text) != std::string::npos; };
    CHECK(said(path + ":1:1: error: Unknown setting: mail_locaton\n    mail_locaton = x\n    "
                      "^~~~~~~~~~~~\n    did you mean 'mail_location'?\n"));
    CHECK(said(path +
               ":2:9: error: Invalid value: requird\n      ssl = requird\n            ^~~~~~~\n    "
               "did you mean 'required'?\n"));
    CHECK(said(path + ":4:3: warning: Unknown setting in plugin {}: sieve_befor"));
    CHECK(said("did you mean 'sieve_before'?"));
    CHECK(said(path + ":6:1: error: protocols: Unknown protocol: imapp"));
    CHECK(said("other/a.conf:1:1: error: Expecting '{'"));
}

TEST_CASE("a file that is missing is an error of its own") {
    config::CheckOutcome outcome = config::check_file("/nonexistent/tamis.conf");
    REQUIRE(outcome.errors == 1);
    CHECK(config::report(outcome.problems[0]) ==
          "error: open(/nonexistent/tamis.conf) failed: No such file or directory\n");
}

TEST_CASE("every row of the table has a help line, a default of its type, and one place") {
    std::set<std::string_view> names;
    for (const config::Area& area : config::areas()) {
        for (const config::Setting& setting : area.rows) {
            CAPTURE(setting.name);
            CHECK(names.insert(setting.name).second);
            CHECK(setting.help.size() > 3);
            auto outcome = config::parse_text(
                std::string(setting.name) + " = \"" + std::string(setting.default_value) + "\"\n",
                "x.conf");
            CHECK(outcome.problems.empty());
        }
    }
    for (auto rows : {config::plugin_settings, config::sieve_plugin_settings}) {
        for (const config::Setting& setting : rows) {
            CAPTURE(setting.name);
            std::string name;
            for (char c : setting.name)
                name += c == '#' ? '2' : c;
            CHECK(config::find_plugin_setting(name) != nullptr);
        }
    }
}

TEST_CASE("includes end at their limit of depth") {
    TempTree tree;
    auto chain = [&](std::size_t files) {
        for (std::size_t i = 1; i <= files; ++i) {
            std::string next = "!include " + std::to_string(i + 1) + ".conf\n";
            tree.write(std::to_string(i) + ".conf", i < files ? next : "");
        }
        return config::parse_file(tree.path("1.conf")).problems;
    };
    CHECK(chain(config::max_include_depth).empty());
    auto problems = chain(config::max_include_depth + 1);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text.starts_with("Too many nested include files: "));
    tree.write("loop.conf", "!include loop.conf\n");
    problems = config::parse_file(tree.path("loop.conf")).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text == "Recursive include file: " + tree.path("loop.conf"));
}

TEST_CASE("a file ends at its limit of size") {
    TempTree tree;
    std::string text(config::max_file_bytes - 1, '\n');
    CHECK(config::parse_file(tree.write("x.conf", "#" + text)).problems.empty());
    CHECK(config::parse_file(tree.write("x.conf", "##" + text)).problems.size() == 1);
}
