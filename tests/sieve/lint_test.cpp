// SPDX-License-Identifier: MIT
#include "sieve/lint/lint.h"

#include "sieve/lint/layout.h"

#include <catch2/catch.hpp>

namespace {

struct Case {
    const char* title;
    std::string source;
    std::string remark;  // "line 2: ..." of the first; empty: there is none
};

std::string first_remark(const std::string& source, const sieve::LintWorld& world = {}) {
    const sieve::CompileOptions options{.extensions = sieve::every_extension()};
    REQUIRE(sieve::compile(source, options).program);
    const auto remarks = sieve::lint(source, options, world);
    if (remarks.empty()) return {};
    return "line " + std::to_string(remarks[0].line) + ": " + remarks[0].text;
}

}  // namespace

TEST_CASE("what is hardly meant is remarked, with its place") {
    for (
        const Case& each : std::vector<Case>{
            {"a good script",
             "require \"fileinto\";\nif header :contains \"a\" \"b\" { fileinto \"X\"; }\n", ""},
            {"unused", "require [\"fileinto\",\n\"copy\"];\nfileinto \"X\";\n",
             "line 2: 'copy' is required and not used"},
            {"unused alone", "require \"vacation\";\nkeep;\n",
             "line 1: 'vacation' is required and not used"},
            {"used as a tag", "require [\"fileinto\", \"copy\"];\nfileinto :copy \"X\";\n", ""},
            {"used as a comparator",
             "require \"comparator-i;ascii-numeric\";\nif header :comparator \"i;ascii-numeric\" "
             "\"a\" \"1\" { discard; }\n",
             ""},
            {"used in strings", "require [\"variables\", \"fileinto\"];\nfileinto \"${1}\";\n", ""},
            {"required twice", "require [\"fileinto\", \"fileinto\"];\nfileinto \"X\";\n",
             "line 1: 'fileinto' is required twice"},
            {"deprecated", "require \"imapflags\";\nmark;\n",
             "line 1: 'imapflags' is deprecated: use 'imap4flags'"},
            {"header for address", "if header :is \"From\" \"a@b.example\" { discard; }\n",
             "line 1: 'header' compares the whole field, with names: 'address' compares addresses"},
            {"header by default", "if header [\"x\", \"To\"] \"a@b.example\" { discard; }\n",
             "line 1: 'header' compares the whole field, with names: 'address' compares addresses"},
            {"header :contains is fine",
             "if header :contains \"From\" \"a@b.example\" { discard; }\n", ""},
            {"unreachable", "if true { stop;\nkeep; }\n",
             "line 2: this is never reached: 'stop' before it ends the script"},
            {"a stop in a block is fine", "if exists \"a\" { stop; }\nkeep;\n", ""},
            {"same test in a chain", "if exists \"a\" { keep; }\nelsif exists \"a\" { discard; }\n",
             "line 2: this rule never holds: line 1 has the same test"},
            {"same test after a stop",
             "if exists \"a\" { keep; stop; }\nif  exists   \"a\" { discard; }\n",
             "line 2: this rule never holds: line 1 has the same test and ends the script"},
            {"same test in other words",
             "if header :is \"Subject\" \"a\" { keep; }\n"
             "elsif header :comparator \"i;ascii-casemap\" \"subject\" \"a\" { discard; }\n",
             "line 2: this rule never holds: line 1 has the same test"},
            {"same test after what may change it",
             "require \"variables\";\nif string \"${a}\" \"1\" { stop; }\nset \"a\" \"1\";\n"
             "if string \"${a}\" \"1\" { keep; }\n",
             ""},
            {"behind blocks that all end it",
             "if exists \"a\" { stop; }\nelse { keep; stop; }\ndiscard;\n",
             "line 3: this is never reached: 'else' before it ends the script"},
            {"behind an if that holds always", "if true { stop; }\nkeep;\n",
             "line 2: this is never reached: 'if' before it ends the script"},
            {"redirect of what is left is fine",
             "if exists \"a\" { keep; stop; }\nredirect \"a@b.example\";\n", ""},
            {"same test without a stop is fine",
             "if exists \"a\" { keep; }\nif exists \"a\" { discard; }\n", ""},
            {"discard and keep", "if exists \"a\" { discard;\nkeep; }\n",
             "line 1: this discard has no effect: 'keep' in the same block stores the message"},
            {"redirect of everything", "redirect \"a@b.example\";\n",
             "line 1: every message leaves and none is kept: ':copy' keeps one"},
            {"pipe of everything", "require \"vnd.dovecot.pipe\";\npipe \"p\";\n",
             "line 2: every message leaves and none is kept: ':copy' keeps one"},
            {"redirect by a rule is fine", "if exists \"a\" { redirect \"a@b.example\"; }\n", ""},
            {":matches without wildcards", "if header :matches \"a\" \"b\" { keep; }\n",
             "line 1: ':matches' without '*' and '?' is ':is'"},
            {":is with a star", "if header :is \"a\" \"*b\" { keep; }\n",
             "line 1: with ':is' a '*' is only itself: ':matches' may be meant"},
            {"twice in a list", "if header \"a\" [\"b\", \"c\", \"b\"] { keep; }\n",
             "line 1: 'b' stands twice in this list"},
            {"an empty block", "if exists \"a\" { }\n", "line 1: this block is empty"},
            {"import",
             "require [\"include\", \"variables\"];\nimport \"a\";\nif string \"${a}\" \"\" { "
             "keep; }\n",
             "line 2: 'import' is deprecated: use 'global'"},
        }) {
        CAPTURE(each.title);
        CHECK(first_remark(each.source) == each.remark);
    }
}

TEST_CASE("what is known of the user leads to remarks of its own") {
    sieve::LintWorld world;
    world.own_addresses = {"me@example.com", "alias@example.com"};
    world.mailbox_exists = [](std::string_view name) { return name == "There"; };
    CHECK(first_remark("if exists \"a\" { redirect \"Me@example.com\"; }\n", world) ==
          "line 1: this is the user's own address: the message comes back");
    CHECK(first_remark("require \"fileinto\";\nfileinto \"There\";\n", world).empty());
    CHECK(first_remark("require \"fileinto\";\nfileinto \"Missing\";\n", world) ==
          "line 2: there is no mailbox 'Missing': without ':create' nothing is filed there");
    CHECK(
        first_remark("require [\"fileinto\", \"mailbox\"];\nfileinto :create \"Missing\";\n", world)
            .empty());
    CHECK(first_remark("require \"vacation\";\nvacation \"x\";\n", world) ==
          "line 2: the user has several addresses: without ':addresses' mail to the others gets no "
          "reply");
    CHECK(first_remark("require \"vacation\";\nvacation :addresses \"alias@example.com\" \"x\";\n",
                       world)
              .empty());
    world.creates_mailboxes = true;
    CHECK(first_remark("require \"fileinto\";\nfileinto \"Missing\";\n", world).empty());
}

TEST_CASE("a script is laid out with its comments, strings and blank lines") {
    CHECK(sieve::lay_out("require   [\"a\",\"b\"] ;if anyof(true,not false){keep;stop;}elsif "
                         "true{}else{discard ;}\n") ==
          "require [\"a\", \"b\"];\n"
          "if anyof (true, not false) {\n"
          "    keep;\n"
          "    stop;\n"
          "} elsif true { } else {\n"
          "    discard;\n"
          "}\n");
    CHECK(
        sieve::lay_out("# first\n\n\n\nkeep; # behind\n/* block\n   two */\nif true { # head\n  # "
                       "inside\n keep; }\n# last") ==
        "# first\n\nkeep;  # behind\n/* block\n   two */\nif true {  # head\n    # inside\n    "
        "keep;\n}\n# last\n");
    CHECK(
        sieve::lay_out(
            "require \"reject\";\nif true { reject text: # note\nline  one\n..dot\n.\n; }\n") ==
        "require \"reject\";\nif true {\n    reject text: # note\nline  one\n..dot\n.\n    ;\n}\n");
    CHECK(sieve::lay_out("").value() == "");
    CHECK_FALSE(sieve::lay_out("if {"));
}

TEST_CASE("long lists are broken: tests one a line, strings as many as fit") {
    std::string tests = "if anyof (";
    for (int i = 0; i < 5; ++i)
        tests += std::string(i == 0 ? "" : ",") + "header :contains \"subject\" \"number " +
                 std::to_string(i) + "\"";
    CHECK(sieve::lay_out(tests + ") { keep; }") ==
          "if anyof (\n"
          "    header :contains \"subject\" \"number 0\",\n"
          "    header :contains \"subject\" \"number 1\",\n"
          "    header :contains \"subject\" \"number 2\",\n"
          "    header :contains \"subject\" \"number 3\",\n"
          "    header :contains \"subject\" \"number 4\"\n"
          ") {\n"
          "    keep;\n"
          "}\n");
    std::string list = "if header \"subject\" [";
    for (int i = 10; i < 26; ++i)
        list += std::string(i == 10 ? "" : ",") + "\"key " + std::to_string(i) + "\"";
    const std::string text = sieve::lay_out(list + "] { keep; }").value();
    CHECK(text.starts_with("if header \"subject\" [\n    \"key 10\", \"key 11\","));
    CHECK(text.ends_with("\n] {\n    keep;\n}\n"));
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        CHECK(text.find('\n', at) - at <= 100);
}

TEST_CASE("what is laid out stays as it is") {
    for (const char* source :
         {"if true { # a\n keep; # b\n\n # c\n }\n", "keep\n# between\n;\n",
          "if allof (true, # why\n false) { keep; } # end\nelse { discard; }\n",
          "require [\"fileinto\", # one\n  \"copy\" /* two */ ];\nfileinto /* x */ :copy "
          "\"A\";\n"}) {
        CAPTURE(source);
        const std::string once = sieve::lay_out(source).value();
        CHECK(sieve::lay_out(once) == once);
    }
}
