// SPDX-License-Identifier: MIT
// Whole deliveries with scripts: the sequence (sieve-compat 3.1), errors (3.2), conflicts (3.6),
// redirect (3.11), pipe (3.14), and the log lines of compat 3.3. What is expected was seen at
// Pigeonhole 0.5.19 unless a name says otherwise.
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

void make_folder(const Site& site, const std::string& name) {
    for (const char* part : {"cur", "new", "tmp"})
        std::filesystem::create_directories(site.directory.at("home/M/." + name + '/' + part));
    site.directory.write("home/M/." + name + "/maildirfolder", "");
    for (const char* part : {"cur", "new", "tmp"})
        std::filesystem::create_directories(site.directory.at(std::string("home/M/") + part));
}

void write_scripts(const Site& site, const std::string& before, const std::string& personal,
                   const std::string& after) {
    if (!before.empty()) site.directory.write("before.sieve", before);
    if (!personal.empty()) site.directory.write("home/.dovecot.sieve", personal);
    if (!after.empty()) site.directory.write("after.sieve", after);
}

const std::string keep = "keep;\n";
const std::string keep_seen = "require \"imap4flags\"; keep :flags \"\\\\Seen\";\n";
const std::string discard = "discard;\n";
const std::string file_x = "require \"fileinto\"; fileinto \"X\";\n";
const std::string copy_x = "require [\"fileinto\", \"copy\"]; fileinto :copy \"X\";\n";
const std::string broken = "foo;\n";

constexpr const char* discarded =
    "Info: sieve: msgid=<1@x>: discard action: Marked message to be discarded if not explicitly "
    "delivered (discard action)";
constexpr const char* kept = "Info: sieve: msgid=<1@x>: stored mail into mailbox 'INBOX'";
constexpr const char* filed =
    "Info: sieve: msgid=<1@x>: fileinto action: stored mail into mailbox 'X'";

}  // namespace

TEST_CASE("the sequence goes on while a keep is in effect (sieve-compat 3.1)") {
    struct Case {
        std::string name, before, personal, after, folders, log;
    };
    const auto c = GENERATE(values<Case>({
        {"no script at all", "", "", "", "INBOX:1", "Info: msgid=<1@x>: saved mail to INBOX"},
        {"implicit keep", "", "# nothing\n", "", "INBOX:1", kept},
        {"explicit keep", "", keep, "", "INBOX:1", kept},
        {"fileinto", "", file_x, "", "X:1", filed},
        {"fileinto :copy", "", copy_x, "", "INBOX:1 X:1", std::string(filed) + '\n' + kept},
        {"discard", "", discard, "", "", discarded},
        {"stop ends its own script only", "stop;\n", file_x, "", "X:1", filed},
        {"a keep means go on: the next one discards", keep, discard, "", "", discarded},
        {"a keep means go on: the next one files", keep, file_x, "", "X:1", filed},
        {"a discard ends the sequence", discard, keep, "", "", discarded},
        {"a fileinto ends the sequence", file_x, keep, "", "X:1", filed},
        {"a copy does not", copy_x, discard, "", "X:1", std::string(discarded) + '\n' + filed},
        {"after runs after a keep", "", keep, file_x, "X:1", filed},
        {"after does not run after a fileinto", "", file_x, discard, "X:1", filed},
        {"all three", copy_x, keep, keep, "INBOX:1 X:1", std::string(filed) + '\n' + kept},
        {"flags of the explicit keep rule over the implicit one", keep_seen,
         "require \"imap4flags\"; addflag \"\\\\Flagged\";\n", "", "INBOX:1(S)", kept},
        {"the last explicit keep rules", keep_seen, keep, "", "INBOX:1", kept},
        {"internal flags pass on to the next script",
         "require \"imap4flags\"; addflag \"\\\\Seen\";", "stop;\n", "", "INBOX:1(S)", kept},
    }));
    CAPTURE(c.name);
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    write_scripts(site, c.before, c.personal, c.after);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == c.folders);
    CHECK(site.log() == c.log);
    CHECK(site.user_log().empty());
}

TEST_CASE("errors become an implicit keep (sieve-compat 3.2)") {
    constexpr const char* failed =
        "Info: sieve: Execution of script @D@/home/.dovecot.sieve failed, but implicit keep was "
        "successful (user logfile @D@/home/.dovecot.sieve.log may reveal additional details)";
    constexpr const char* not_compiled =
        "Info: sieve: Failed to compile script `@D@/home/.dovecot.sieve' (view user logfile "
        "`@D@/home/.dovecot.sieve.log' for more information)";
    struct Case {
        std::string name, before, personal, after, folders, log, user_log;
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"a personal script that does not compile", "", broken, "", "INBOX:1",
         std::string(not_compiled) + '\n' + kept, "unknown command 'foo'"},
        {"earlier decisions count: a copy", copy_x, broken, "", "INBOX:1 X:1",
         std::string(not_compiled) + '\n' + filed + '\n' + kept, "unknown command 'foo'"},
        {"earlier decisions count: a keep with flags", keep_seen, broken, "", "INBOX:1(S)",
         std::string(not_compiled) + '\n' + kept, "unknown command 'foo'"},
        {"the sequence ends there", "", broken, file_x, "INBOX:1",
         std::string(not_compiled) + '\n' + kept, "unknown command 'foo'"},
        {"a missing folder", "", "require \"fileinto\"; fileinto \"Nope\";\n", "", "INBOX:1",
         std::string(kept) + '\n' + failed,
         "error: msgid=<1@x>: fileinto action: failed to store into mailbox 'Nope': Mailbox "
         "doesn't exist: Nope.\n"},
        {"a missing folder takes the other stores with it", "",
         "require [\"fileinto\", \"copy\"]; fileinto :copy \"X\"; fileinto \"Nope\";\n", "",
         "INBOX:1", std::string(kept) + '\n' + failed, "failed to store into mailbox 'Nope'"},
    }));
    CAPTURE(c.name);
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    write_scripts(site, c.before, c.personal, c.after);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == c.folders);
    CHECK(site.log() == c.log);
    CHECK(site.user_log().find(c.user_log) != std::string::npos);
}

TEST_CASE("a global script's errors go to the server's log") {
    Site site{std::string(with_sieve)};
    write_scripts(site, broken, file_x, "");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log().find("Error: sieve: before: line 1: unknown command 'foo'") == 0);
    CHECK(site.log().find("\nError: sieve: Failed to compile script `@D@/before.sieve'\n") !=
          std::string::npos);
    CHECK(site.log().ends_with(kept));
    CHECK(site.user_log().empty());
}

TEST_CASE("a script that fails while it runs leaves what earlier ones decided") {
    Site site(std::string(with_sieve) + "plugin {\n  sieve_max_redirects = 0\n}\n");
    make_folder(site, "X");
    write_scripts(site, copy_x, "redirect \"z@example.net\";\n", "");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1 X:1");
    CHECK(site.sent().empty());
    CHECK(site.user_log().find("redirect") != std::string::npos);
    CHECK(site.log().find("failed, but implicit keep was successful") != std::string::npos);
    const auto record = site.record();
    REQUIRE(record);
    REQUIRE(record->scripts.size() == 2);
    CHECK(record->scripts[1].result == "failed");
}

TEST_CASE("an action that fails leaves what earlier scripts decided") {
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    write_scripts(site,
                  "require [\"fileinto\", \"copy\"]; fileinto :copy \"X\"; "
                  "redirect :copy \"archive@example.net\";",
                  "require [\"fileinto\", \"copy\"]; redirect :copy \"y@example.net\"; "
                  "fileinto \"Missing\";",
                  "");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1 X:1");
    CHECK(site.sent().find("archive@example.net") != std::string::npos);
    CHECK(site.sent().find("y@example.net") == std::string::npos);
    const auto record = site.record();
    REQUIRE(record);
    std::string results;
    for (const deliver::RecordedAction& action : record->actions)
        results += action.what + ' ' + action.target + ' ' + action.result + '\n';
    CHECK(results ==
          "fileinto Missing failed\nredirect y@example.net skipped\n"
          "redirect archive@example.net done\nfileinto X done\nkeep INBOX done\n");
}

TEST_CASE("a default mailbox that is missing: Sieve's keep fails, INBOX has it") {
    Site site{std::string(with_sieve)};
    site.script(keep);
    site.default_mailbox = "Nope";
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log() ==
          "Error: sieve: Execution of script @D@/home/.dovecot.sieve failed with unsuccessful "
          "implicit keep (user logfile @D@/home/.dovecot.sieve.log may reveal additional details)\n"
          "Info: msgid=<1@x>: save failed to open mailbox Nope: Mailbox doesn't exist: Nope\n"
          "Info: msgid=<1@x>: saved mail to INBOX");
    CHECK(
        site.user_log() ==
        "error: msgid=<1@x>: failed to store into mailbox 'Nope': Mailbox doesn't exist: Nope.\n");
}

TEST_CASE("a default mailbox with a wrong name is no script's fault") {
    Site site{std::string(with_sieve)};
    site.script("if false { discard; }");
    site.default_mailbox = "a//b";
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(
        site.log() ==
        "Error: sieve: msgid=<1@x>: failed to store into mailbox 'a//b': Invalid mailbox name: "
        "Name must not have '/' characters\n"
        "Error: sieve: The implicit keep failed, and no script did: the message is saved as "
        "without Sieve\n"
        "Info: msgid=<1@x>: save failed to open mailbox a//b: Invalid mailbox name: Name must not "
        "have '/' characters\n"
        "Info: msgid=<1@x>: saved mail to INBOX");
}

TEST_CASE("stores to one mailbox are one (sieve-compat 3.6)") {
    struct Case {
        std::string name, script, folders;
    };
    const auto c = GENERATE(values<Case>({
        {"fileinto twice", "require \"fileinto\"; fileinto \"X\"; fileinto \"X\";", "X:1"},
        {"INBOX in any case, and keep", "require \"fileinto\"; fileinto \"inbox\"; keep;",
         "INBOX:1"},
        {"the last flags rule",
         "require [\"fileinto\", \"imap4flags\"]; fileinto :flags \"\\\\Seen\" \"X\"; fileinto "
         ":flags \"\\\\Flagged\" \"X\";",
         "X:1(F)"},
        {":create makes the folder",
         "require [\"fileinto\", \"mailbox\"]; fileinto :create \"New.Sub\";", "New.Sub:1"},
    }));
    CAPTURE(c.name);
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    site.script(c.script);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == c.folders);
}

TEST_CASE("redirect sends a copy by sendmail and ends the keep (sieve-compat 3.11)") {
    Site site{std::string(with_sieve)};
    site.script("redirect \"z@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders().empty());
    CHECK(site.log() == "Info: sieve: msgid=<1@x>: redirect action: forwarded to <z@example.net>");
    const std::string sent = site.sent();
    CHECK(
        sent.starts_with("ARGS -i -f s@example.org -- z@example.net\nX-Sieve: Pigeonhole Sieve "));
    CHECK(sent.ends_with("\nX-Sieve-Redirected-From: r@example.com\n" +
                         std::string(Site::plain_message)));
    CHECK(site.record());
}

TEST_CASE("a second copy of the same message is not forwarded, but kept") {
    Site site{std::string(with_sieve)};
    site.script("redirect \"z@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log().find("redirect action: discarded duplicate forward to <z@example.net>") !=
          std::string::npos);
}

TEST_CASE("a mail loop is not forwarded, but kept") {
    Site site{std::string(with_sieve)};
    site.script("redirect \"z@example.net\";\n");
    CHECK(site.deliver("X-Sieve-Redirected-From: r@example.com\nMessage-ID: <1@x>\n\nb\n").result ==
          Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.sent().empty());
    CHECK(site.log() ==
          std::string("Info: sieve: msgid=<1@x>: redirect action: not forwarding message to "
                      "<z@example.net>: the `x-sieve-redirected-from' header indicates a mail "
                      "loop\n") +
              kept);
}

TEST_CASE("a forward that fails for now leaves nothing behind, not even its stores (ours)") {
    const std::string script = GENERATE(as<std::string>(), "redirect \"z@example.net\";\n",
                                        "require [\"fileinto\", \"copy\"]; fileinto \"X\"; "
                                        "redirect :copy \"z@example.net\";\n");
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    site.script(script);
    site.sendmail_exits(75);
    const Disposition disposition = site.deliver();
    CHECK(disposition.result == Disposition::Result::temporary);
    CHECK(site.folders().empty());
    CHECK(site.log().find("Error: sieve: msgid=<1@x>: redirect action: failed to redirect message "
                          "to <z@example.net>: Sendmail program returned error (temporary "
                          "failure)") == 0);
    CHECK(
        site.log().ends_with("Error: sieve: Execution of script @D@/home/.dovecot.sieve was "
                             "aborted due to temporary failure (user logfile "
                             "@D@/home/.dovecot.sieve.log may reveal additional details)"));
    REQUIRE(site.record());
    CHECK(site.record()->result == "temporary");
}

TEST_CASE("a discard script may keep what would be discarded (sieve-compat 3.1)") {
    struct Case {
        std::string script, folders;
    };
    const auto c = GENERATE(values<Case>({{"# nothing\n", ""},
                                          {"keep;\n", "INBOX:1"},
                                          {"require \"fileinto\"; fileinto \"X\";\n", "X:1"},
                                          {"discard;\n", ""},
                                          {"foo;\n", "INBOX:1"}}));
    CAPTURE(c.script);
    Site site(std::string(with_sieve) + "plugin {\n  sieve_discard = @D@/discard.sieve\n}\n");
    make_folder(site, "X");
    site.script(discard);
    site.directory.write("discard.sieve", c.script);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == c.folders);
}

TEST_CASE("a discard script sees the message as the scripts before have left it") {
    Site site(
        std::string(with_sieve) +
        "plugin {\n  sieve_discard = @D@/discard.sieve\n  sieve_extensions = +editheader\n}\n");
    site.script("require \"editheader\"; addheader \"X-New\" \"yes\"; discard;\n");
    site.directory.write("discard.sieve", "if header \"x-new\" \"yes\" { keep; }\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
}

TEST_CASE("a user's log that cannot be written is told in the server's") {
    Site site(std::string(with_sieve) + "plugin {\n  sieve_user_log = @D@/missing/log\n}\n");
    site.script("foo;\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.log().find("Error: sieve: user logfile @D@/missing/log cannot be written, what it "
                          "should hold is lost: No such file or directory") != std::string::npos);
}

TEST_CASE("the user's log names the script that the active link leads to") {
    Site site{std::string(with_sieve)};
    site.directory.write("home/holiday.sieve", "foo;\n");
    std::filesystem::create_symlink("holiday.sieve", site.directory.at("home/.dovecot.sieve"));
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.user_log().find("holiday: line 1: error: unknown command 'foo'.") !=
          std::string::npos);
}

TEST_CASE("a setting that is no address is told and not heeded") {
    Site site(std::string(with_sieve) + "plugin {\n  sieve_redirect_envelope_from = bogus\n}\n");
    site.script("redirect \"x@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.log().find("Warning: sieve: sieve_redirect_envelope_from: 'bogus' is no keyword and "
                          "no address in angle brackets; it is ignored") != std::string::npos);
}

TEST_CASE("Sieve takes part only where mail_plugins has it and the user lets it") {
    struct Case {
        std::string settings, field, folders;
    };
    const auto c = GENERATE(values<Case>({{"mail_plugins = quota\n", "", "INBOX:1"},
                                          {"mail_plugins = quota sieve\n", "", ""},
                                          {"mail_plugins = quota sieve\n", "no", "INBOX:1"}}));
    Site site(c.settings);
    site.script(discard);
    if (!c.field.empty()) site.fields["sieve_enabled"] = c.field;
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == c.folders);
}

TEST_CASE("a script that changes counts for the next message, its binary or not") {
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    const auto program = [&] { return site.record()->scripts.at(0).program; };
    site.script(keep);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(program() == "compiled");
    CHECK(std::filesystem::exists(site.directory.at("home/.dovecot.svbin")));
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(program() == "memory");
    CHECK(site.folders() == "INBOX:2");
    // The same length, and put back to an old time: content decides (compat 13).
    const auto old = std::filesystem::last_write_time(site.directory.at("home/.dovecot.sieve"));
    site.script("stop;\n");
    std::filesystem::last_write_time(site.directory.at("home/.dovecot.sieve"), old);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(program() == "compiled");
    site.directory.write("home/.dovecot.svbin", "nonsense");
    site.script(file_x);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:3 X:1");
}

TEST_CASE("the record names rule, line, header and value") {
    Site site{std::string(with_sieve)};
    make_folder(site, "X");
    site.script(
        "require \"fileinto\";\nif header :contains \"subject\" \"no\" {\n  discard;\n}\n"
        "elsif header :is \"subject\" \"x\" {\n  fileinto \"X\";\n}\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const auto record = site.record();
    REQUIRE(record);
    REQUIRE(record->scripts.size() == 1);
    CHECK(record->scripts[0].path == site.directory.at("home/.dovecot.sieve"));
    CHECK(record->scripts[0].role == "personal");
    REQUIRE(record->scripts[0].decisions.size() == 1);
    CHECK(record->scripts[0].decisions[0].line == 5);
    REQUIRE(record->scripts[0].decisions[0].matches.size() == 1);
    CHECK(record->scripts[0].decisions[0].matches[0].value == "x");
    REQUIRE(record->actions.size() == 1);
    CHECK(record->actions[0].what == "fileinto");
    CHECK(record->actions[0].line == 6);
    CHECK(std::filesystem::exists(record->actions[0].file));
    REQUIRE(record->scripts[0].untrue.size() == 1);
    CHECK(record->scripts[0].untrue[0].tests.at(0).seen.at(0).value == "x");
    CHECK(record->scripts[0].acted == std::vector{6u});
    CHECK(record->scripts[0].lines ==
          std::map<unsigned, std::string>{{2, "if header :contains \"subject\" \"no\" {"},
                                          {5, "elsif header :is \"subject\" \"x\" {"},
                                          {6, "fileinto \"X\";"}});
}

TEST_CASE("fileinto :specialuse takes the mailbox that the configuration names (RFC 8579)") {
    Site site{std::string(with_sieve) + R"(
plugin {
  sieve_extensions = +special-use
}
namespace {
  inbox = yes
  mailbox X {
    special_use = \Junk \Important
  }
  mailbox Missing {
    special_use = \Trash
  }
}
)"};
    make_folder(site, "X");
    make_folder(site, "Y");
    site.script(
        "require [\"special-use\", \"fileinto\", \"imap4flags\"];\n"
        "if specialuse_exists \"\\\\Trash\" { addflag \"wrong\"; }\n"
        "if specialuse_exists \"X\" [\"\\\\Junk\", \"\\\\important\"] { addflag \"right\"; }\n"
        "fileinto :specialuse \"\\\\Junk\" \"Y\";\n"
        "fileinto :specialuse \"\\\\Trash\" \"Y\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "X:1(a) Y:1(a)");
}
