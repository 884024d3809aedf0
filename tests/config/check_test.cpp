// SPDX-License-Identifier: MIT
#include "config/check.h"

#include "config/limits.h"
#include "config/load_limits.h"
#include "config/parser.h"
#include "config/rules.h"
#include "config/table.h"
#include "temp_tree.h"

#include <catch2/catch.hpp>

#include <algorithm>
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
    CHECK(said(path + ":6:13: error: protocols: Unknown protocol: imapp"));
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

TEST_CASE("the underline stands under the mistake, not under text that looks like it") {
    struct Case {
        const char* text;
        unsigned line, column, length;
        const char* part;  // of the error or its hint
    };
    auto [text, line, column, length, part] = GENERATE(values<Case>({
        {"mail_plugins = $mail_plugin", 1, 17, 11, "did you mean 'mail_plugins'?"},
        {"mail_plugins = a $mail_plugins $x", 1, 33, 1, "Unknown variable: $x"},
        {"ssl = ssl", 1, 7, 3, "Invalid value: ssl"},
        {"mail_debug =", 1, 1, 10, "Invalid boolean"},
        {"mail_debug = \\\n   maybe", 2, 4, 5, "Invalid boolean value: maybe"},
        {"mail_locaton = \\\n  x", 2, 3, 1, "Unknown setting: mail_locaton"},
        {"x = a \"#\" b#c", 1, 1, 1, "Unknown setting: x"},
        {"protocol lda {\n  protocol protocol {\n  }\n}", 2, 12, 8, "Nested protocol"},
        {"  }", 1, 3, 1, "Unexpected '}'"},
        {"protocols = imap imapp", 1, 18, 5, "Unknown protocol: imapp"},
        {"namespace a {\n  inbox = yes\n  separator = /\n  prefix = INBOX.\n}", 4, 12, 6,
         "prefix = INBOX./"},
        {"namespace a {\n  inbox = yes\n  separator = ..\n}", 3, 15, 2, "only one character"},
        {"namespace a {\n  prefix = a/\n}", 1, 1, 9, "inbox=yes namespace missing"},
        {"namespace a {\n inbox = yes\n}\nnamespace b {\n inbox = yes\n prefix = b/\n}", 5, 10, 3,
         "only one namespace with inbox=yes"},
        {"passdb {\n}", 1, 1, 6, "passdb is missing driver"},
    }));
    CAPTURE(text);
    TempTree tree;
    config::CheckOutcome outcome = config::check_file(tree.write("x.conf", text));
    REQUIRE(outcome.errors >= 1);
    const config::Problem& problem = outcome.problems[0];
    CAPTURE(problem.text, problem.hint);
    CHECK((problem.text + problem.hint).find(part) != std::string::npos);
    CHECK(problem.place.line == line);
    CHECK(problem.place.column == column);
    CHECK(problem.place.length == length);
}

TEST_CASE("an unknown name gets a hint from where it stands, from elsewhere, or its kind") {
    struct Case {
        const char* text;
        const char* hint;
    };
    auto [text, hint] = GENERATE(values<Case>({
        {"service lmtp {\n  unix_listner x {\n    mode = 0600\n    y {\n    }\n  }\n}",
         "did you mean 'unix_listener'?"},
        {"service lmtp {\n  usr = x\n}", "did you mean 'user'?"},
        {"service lmtp {\n  mode = 0600\n}", "'mode' stands in service { unix_listener {}"},
        {"service lmtp {\n  mail_debug = yes\n}", "'mail_debug' stands at the top"},
        {"quota_rule = *:storage=1G", "'quota_rule' stands in plugin {}"},
        {"special_use = \\Junk", "'special_use' stands in namespace { mailbox {}"},
        {"mail_path = ~/Maildir", "Dovecot 2.4"},
        {"mail_locaton = x", "did you mean 'mail_location'?"},
        {"imap_something_else_quite_long = x", "belongs to: Log-in and IMAP"},
        {"zzzzzzz = x", ""},
    }));
    CAPTURE(text);
    TempTree tree;
    config::CheckOutcome outcome = config::check_file(tree.write("x.conf", text));
    REQUIRE(outcome.errors == 1);
    if (*hint == 0) CHECK(outcome.problems[0].hint.empty());
    CHECK(outcome.problems[0].hint.find(hint) != std::string::npos);
}

TEST_CASE("what is past the limit of problems is said to be left out") {
    TempTree tree;
    auto lines = [](std::size_t count, const std::string& line) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += line + std::to_string(i) + " = x\n";
        return text;
    };
    auto said = [](const config::CheckOutcome& outcome, const std::string& part) {
        return std::any_of(outcome.problems.begin(), outcome.problems.end(),
                           [&](const auto& one) { return one.text.find(part) != one.text.npos; });
    };
    auto errors = [&](std::size_t count) {
        return config::check_file(tree.write("x.conf", lines(count, "foo")));
    };
    CHECK(!said(errors(config::max_problems), "Too many mistakes"));
    CHECK(said(errors(config::max_problems + 1), "Too many mistakes"));
    auto remarks = [&](std::size_t count) {
        return config::check_file(tree.write("x.conf", "plugin {\n" + lines(count, "foo") + "}\n"));
    };
    CHECK(!said(remarks(config::max_problems - 1), "the rest is not shown"));
    CHECK(said(remarks(config::max_problems + 1), "the rest is not shown"));
}

TEST_CASE("limits of auth and anvil below what the others may open are told in Dovecot's words") {
    auto said = [](const std::string& text) {
        auto outcome = config::parse_text("protocols = imap\n" + text + "\n", "x.conf");
        REQUIRE(outcome.problems.empty());
        config::Problems found;
        config::check_load_limits(outcome.document, found);
        std::vector<std::string> texts;
        for (const config::Problem& one : found)
            texts.push_back(one.text);
        return texts;
    };
    CHECK(said("").empty());
    CHECK(said("service auth {\n client_limit = 200\n}\nservice anvil {\n client_limit = 203\n}")
              .empty());
    auto low = said(
        "default_client_limit = 199\nservice foo {\n protocol = imap\n process_limit = 7\n}\n"
        "service bar {\n protocol = pop3\n}\nservice imap {\n client_limit = 5\n}");
    REQUIRE(low.size() == 2);
    CHECK(low[0] ==
          "service auth { client_limit=199 } is lower than required under max. load (207). Counted "
          "for protocol services with service_count != 1: service imap-urlauth-login { "
          "process_limit=100 } + service imap-login { process_limit=100 } + service foo { "
          "process_limit=7 }");
    CHECK(low[1] ==
          "service anvil { client_limit=199 } is lower than required under max. load (203). "
          "Counted with: service imap-urlauth-login { process_limit=100 } + service imap-login { "
          "process_limit=100 } + service auth { process_limit=1 }");
}
