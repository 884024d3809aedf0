// SPDX-License-Identifier: MIT
// Whole deliveries with scripts that include others (RFC 6609): where they are found, what a change
// of one does, what is logged and recorded of them.
#include "site.h"

#include <catch2/catch.hpp>

using deliver::Disposition;

namespace {

constexpr std::string_view settings = R"(
mail_plugins = sieve
lda_mailbox_autocreate = yes
plugin {
  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_global = @D@/global
  sieve_global_extensions = +vnd.dovecot.debug
}
)";

std::string names_of(const deliver::DeliveryRecord& record) {
    std::string text;
    for (const deliver::RecordedScript& script : record.scripts)
        text += script.role + ' ' + script.name + ' ' + script.result + "; ";
    return text;
}

}  // namespace

TEST_CASE("scripts are included from the user's and from the site's storage") {
    Site site{std::string(settings)};
    site.directory.write("home/sieve/lists.sieve",
                         "require \"fileinto\";\n"
                         "if header :is \"subject\" \"x\" { fileinto \"Lists\"; }\n");
    site.directory.write("global/lists.sieve",
                         "require [\"fileinto\", \"vnd.dovecot.debug\"];\n"
                         "debug_log \"seen\";\nfileinto \"Global\";\n");
    site.script("require \"include\";\ninclude \"lists\";\ninclude :global \"lists\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "Global:1 Lists:1");
    CHECK(site.log().find("Info: sieve: @D@/global/lists.sieve: line 2: DEBUG: seen") !=
          std::string::npos);
    const auto record = site.record();
    REQUIRE(record);
    CHECK(names_of(*record) == "personal .dovecot ran; included lists ran; included " +
                                   site.directory.at("global/lists.sieve") + " ran; ");
    REQUIRE(record->scripts[1].decisions.size() == 1);
    CHECK(record->scripts[1].lines.at(2) ==
          "if header :is \"subject\" \"x\" { fileinto \"Lists\"; }");
    CHECK(record->actions[0].script == "lists");
    CHECK(record->actions[0].line == 2);

    // A change counts for the next message, though the script that includes it has not changed.
    site.directory.write("home/sieve/lists.sieve", "stop;\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "Global:1 INBOX:1 Lists:1");
}

TEST_CASE("a script that cannot be included is the implicit keep, and the user's log says why") {
    struct Case {
        std::string name, included, user_log;
    };
    const auto c = GENERATE(values<Case>({
        {"missing", "", ".dovecot: line 3: error: included personal script 'a' does not exist.\n"},
        {"with errors", "foo;\n",
         "a: line 1: error: unknown command 'foo'.\n"
         "a: error: validation failed.\n"
         ".dovecot: line 3: error: included personal script 'a': the script has errors.\n"},
        {"failing",
         "require [\"editheader\", \"variables\"];\nset \"n\" \"X Y\";\naddheader \"${n}\" \"\";\n",
         "a: line 3: error: specified field name 'X Y' is invalid.\n"},
    }));
    INFO(c.name);
    Site site{std::string(settings) + "plugin {\n  sieve_extensions = +editheader\n}\n"};
    if (!c.included.empty()) site.directory.write("home/sieve/a.sieve", c.included);
    site.script("require [\"include\", \"fileinto\"];\nfileinto \"X\";\ninclude \"a\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.user_log() == c.user_log);
    CHECK(site.log().find("failed, but implicit keep was successful") != std::string::npos);
    REQUIRE(site.record());
    CHECK(site.record()->scripts[0].result == "failed");
}

TEST_CASE("a directory in the place of an included script is an error of the run") {
    Site site{std::string(settings)};
    site.directory.write("home/sieve/a.sieve/is/a/directory", "");
    site.script("require \"include\";\ninclude \"a\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
}
