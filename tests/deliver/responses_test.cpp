// SPDX-License-Identifier: MIT
// Whole deliveries whose scripts let something go out: vacation (sieve-compat 3.9), reject (3.10,
// 6), duplicate (3.12), pipe (3.14). Expected lines were seen at Pigeonhole 0.5.19.
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <thread>
#include <vector>

using deliver::Disposition;

namespace {

constexpr std::string_view with_sieve = R"(
mail_plugins = sieve
plugin {
  sieve = ~/.dovecot.sieve
  sieve_extensions = +vnd.dovecot.pipe +vnd.dovecot.duplicate
  sieve_pipe_bin_dir = @D@/bin
  sieve_pipe_exec_timeout = 1s
}
)";

constexpr std::string_view to_me =
    "From: Ann <s@example.org>\nTo: r@example.com\nSubject: Hello\nMessage-ID: <1@x>\n\nbody\n";

void make_program(const Site& site, const std::string& name, const std::string& text) {
    std::filesystem::permissions(site.directory.write("bin/" + name, "#!/bin/sh\n" + text),
                                 std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("vacation replies once a period, and the mail is kept") {
    Site site{std::string(with_sieve)};
    site.script("require \"vacation\";\nvacation :days 1 :subject \"Away\" \"gone fishing\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.log() ==
          "Info: sieve: msgid=<1@x>: stored mail into mailbox 'INBOX'\n"
          "Info: sieve: msgid=<1@x>: vacation action: sent vacation response to "
          "<s@example.org>");
    const std::string sent = site.sent();
    CHECK(sent.starts_with("ARGS -i -f <> -- s@example.org\nX-Sieve: "));
    CHECK(sent.find("\nSubject: Away\n") != std::string::npos);
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2");
    CHECK(site.sent() == sent);
    CHECK(site.log().ends_with(
        "vacation action: discarded duplicate vacation response to <s@example.org>"));
}

TEST_CASE("with CONTROL= what is remembered and recorded lies there, from the first mail on") {
    Site site{std::string(with_sieve) + "mail_location = maildir:~/M:CONTROL=~/control\n"};
    site.script("require \"vacation\";\nvacation :subject \"Away\" \"gone fishing\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.sent().find("gone fishing") != std::string::npos);
    CHECK(std::filesystem::exists(site.directory.at("home/control/tamis-memory.sqlite")));
    CHECK(std::filesystem::exists(site.directory.at("home/control/tamis-deliveries.jsonl")));
}

TEST_CASE("two deliveries of one message at once: one is kept, one reply is sent") {
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"duplicate\", \"vacation\"];\n"
        "vacation :addresses \"r@example.com\" \"gone fishing\";\n"
        "if duplicate { discard; stop; }\n");
    const deliver::Recipient recipient = site.recipient();
    std::vector<std::thread> deliveries;
    for (int i = 0; i < 4; ++i)
        deliveries.emplace_back([&] { (void)site.deliver_to(recipient, to_me); });
    for (std::thread& delivery : deliveries)
        delivery.join();
    CHECK(site.folders() == "INBOX:1");
    const std::string sent = site.sent();
    CHECK(sent.find("gone fishing") == sent.rfind("gone fishing"));
}

TEST_CASE("a vacation reply that cannot be sent is no failure, and is tried again") {
    Site site{std::string(with_sieve)};
    site.script("require \"vacation\";\nvacation \"gone\";\n");
    site.sendmail_exits(75);
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    std::filesystem::remove(site.directory.at("exit"));
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.sent().find("gone") != std::string::npos);
}

TEST_CASE("why no vacation reply was sent stands in the log and in the record") {
    Site site{std::string(with_sieve)};
    site.script("require \"vacation\";\nvacation \"gone\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.sent().empty());
    CHECK(site.log().find("Info: sieve: msgid=<1@x>: vacation action: discarding vacation response "
                          "for implicitly delivered message; no known (envelope) recipient address "
                          "found in message headers (recipient=<r@example.com>, and no additional "
                          "`:addresses' are specified)") != std::string::npos);
    const auto record = site.record();
    REQUIRE(record);
    REQUIRE(record->actions.size() == 2);
    CHECK(record->actions[1].what == "vacation");
    CHECK(record->actions[1].result == "skipped");
}

TEST_CASE("reject refuses where its text is one line, else sends a message (sieve-compat 6)") {
    Site site{std::string(with_sieve)};
    SECTION("one line") {
        site.script("require \"reject\"; reject \"no thanks\";\n");
        const Disposition disposition = site.deliver();
        CHECK(disposition.result == Disposition::Result::permanent);
        CHECK(disposition.status.text() == "5.7.1");
        CHECK(disposition.text == "no thanks");
        CHECK(site.sent().empty());
    }
    SECTION("several lines") {
        site.script("require \"reject\"; reject \"no\nthanks\";\n");
        CHECK(site.deliver().result == Disposition::Result::delivered);
        CHECK(site.sent().starts_with("ARGS -i -f <> -- s@example.org\n"));
        CHECK(site.sent().find("report-type=disposition-notification") != std::string::npos);
        CHECK(site.log() ==
              "Info: sieve: msgid=<1@x>: reject action: rejected message from "
              "<s@example.org> (reject)");
    }
    SECTION("several lines, null sender: discarded") {
        site.script("require \"reject\"; reject \"no\nthanks\";\n");
        site.envelope.sender = "MAILER-DAEMON";
        CHECK(site.deliver().result == Disposition::Result::delivered);
        CHECK(site.sent().empty());
    }
    SECTION("ereject keeps its lines, and splits long ones (RFC 5429 §2.5)") {
        site.script("require \"ereject\"; ereject \"no\r\nthanks " + std::string(395, 'x') +
                    " end\";\n");
        const Disposition disposition = site.deliver();
        CHECK(disposition.result == Disposition::Result::permanent);
        CHECK(disposition.text == "no\nthanks\n" + std::string(395, 'x') + " end");
    }
    SECTION("ereject refuses whatever its text is (RFC 5429 §2.1.1)") {
        const std::string text = GENERATE(as<std::string>(), "", "nö", "  ");
        site.script("require \"ereject\"; ereject \"" + text + "\";\n");
        const Disposition disposition = site.deliver();
        CHECK(disposition.result == Disposition::Result::permanent);
        CHECK(disposition.text == "The message was refused by the recipient's mail filter");
        CHECK(site.sent().empty());
    }
    CHECK(site.folders().empty());
}

TEST_CASE("duplicate is true for the second message, once the first has ended well") {
    const std::string script =
        GENERATE(as<std::string>(), "require \"duplicate\"; if duplicate { discard; }\n",
                 "require \"vnd.dovecot.duplicate\"; if duplicate { discard; }\n",
                 "require [\"duplicate\", \"variables\"]; if header "
                 ":matches \"message-id\" \"*\" { if duplicate :uniqueid "
                 "\"${0}\" { discard; } }\n");
    CAPTURE(script);
    Site site{std::string(with_sieve)};
    site.script(script);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.deliver("Message-ID: <2@x>\n\nb\n").result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2");
    CHECK(site.deliver("Subject: no id\n\nb\n").result == Disposition::Result::delivered);
    CHECK(site.deliver("Subject: no id\n\nb\n").result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:4");
}

TEST_CASE("nothing is remembered of a run that failed") {
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"duplicate\", \"fileinto\"]; if duplicate { discard; } else { fileinto "
        "\"Nope\"; }\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2");
}

TEST_CASE("pipe gives the message to a program with a clean environment (sieve-compat 3.14)") {
    Site site{std::string(with_sieve)};
    make_program(site, "prog",
                 "exec > \"$HOME/out\"; echo \"$1|$2\"; /usr/bin/env | /usr/bin/sort; "
                 "/bin/cat\n");
    site.script("require \"vnd.dovecot.pipe\"; pipe \"prog\" [\"a b\", \"c\"];\n");
    CHECK(site.deliver("A: b\n\nc\n").result == Disposition::Result::delivered);
    CHECK(site.folders().empty());
    CHECK(site.log() ==
          "Info: sieve: msgid=unspecified: pipe action: piped message to program `prog'");
    const std::string out = site.directory.read("home/out");
    CHECK(out.starts_with("a b|c\n"));
    for (const char* wanted :
         {"\nHOST=host.example.com\n", "\nRECIPIENT=r@example.com\n", "\nSENDER=s@example.org\n",
          "\nORIG_RECIPIENT=r@example.com\n", "\nUSER=nobody@example.com\n"})
        CHECK(out.find(wanted) != std::string::npos);
    CHECK(out.find("PATH=") == std::string::npos);
    CHECK(out.ends_with("A: b\r\n\r\nc\r\n"));
}

TEST_CASE("a pipe that fails is an implicit keep") {
    struct Case {
        std::string name, program, script, why;
    };
    const auto c = GENERATE(values<Case>({
        {"exit status", "echo oops; exit 3\n", "pipe \"prog\";",
         "Terminated with non-zero exit code 3"},
        {"with :copy", "exit 3\n", "pipe :copy \"prog\";", "Terminated with non-zero exit code 3"},
        {"killed", "kill -9 $$\n", "pipe \"prog\";", "was killed by signal 9"},
        {"hanging", "exec sleep 60\n", "pipe \"prog\";", "timed out"},
        {"missing", "", "pipe \"none\";", "is not available"},
        {"with :try it is still kept", "exit 3\n", "pipe :try \"prog\";",
         "Terminated with non-zero exit code 3"},
    }));
    CAPTURE(c.name);
    Site site{std::string(with_sieve)};
    make_program(site, "prog", "PATH=/usr/bin:/bin\n" + c.program);
    site.script("require \"vnd.dovecot.pipe\"; " + c.script + "\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log().find(c.why) != std::string::npos);
    CHECK(site.user_log().find("failed to pipe message to program") != std::string::npos);
    const bool told =
        site.log().find("failed, but implicit keep was successful") != std::string::npos;
    CHECK(told == (c.script.find(":try") == std::string::npos));
}

TEST_CASE("a program that others could change is not run") {
    Site site{std::string(with_sieve)};
    make_program(site, "prog", "exit 0\n");
    std::filesystem::permissions(site.directory.at("bin/prog"), std::filesystem::perms::all);
    site.script("require \"vnd.dovecot.pipe\"; pipe \"prog\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log().find("world-writable") != std::string::npos);
}
