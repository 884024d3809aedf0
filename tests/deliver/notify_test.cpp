// SPDX-License-Identifier: MIT
// Notifications by mail (RFC 5435, RFC 5436): the message, its sender, when there is none, and that
// a delivery stands whatever becomes of them.
#include "deliver/notify.h"

#include "deliver/redirect.h"
#include "mail/header.h"
#include "site.h"

#include <catch2/catch.hpp>

using deliver::Disposition;

namespace {

constexpr std::string_view settings = R"(
mail_plugins = sieve
plugin {
  sieve = file:~/.dovecot.sieve
  sieve_extensions = +notify
}
)";

struct Given {
    std::string headers = "Subject: =?utf-8?q?gr=C3=BCn?=\nMessage-ID: <1@x>\n";
    deliver::Envelope envelope;
    deliver::OwnAddresses own{"r@example.com", "", "", "postmaster@example.com"};
    sieve::Notify notify;

    Given() {
        envelope.sender = "s@example.org";
        notify.to = {"a@example.net"};
    }
    std::string text() const {
        const mail::HeaderBlock header(headers);
        return deliver::notification(notify, {header, envelope, own},
                                     {.unix_seconds = 1'795'555'606, .zone_minutes = 0}, "<n@h>");
    }
    std::string sender(std::string_view setting) const {
        const mail::HeaderBlock header(headers);
        return deliver::notification_sender(notify, setting, {header, envelope, own});
    }
};

}  // namespace

TEST_CASE("a notification is composed as RFC 5436 §2.7 has it") {
    Given given;
    CHECK(
        given.text().ends_with("Message-ID: <n@h>\n"
                               "Date: Tue, 24 Nov 2026 21:26:46 +0000\n"
                               "Subject: =?utf-8?q?gr=C3=BCn?=\n"
                               "From: Postmaster <postmaster@example.com>\n"
                               "To: a@example.net\n"
                               "Auto-Submitted: auto-notified; owner-email=\"r@example.com\"\n"
                               "Precedence: bulk\n"
                               "X-Priority: 3 (Normal)\n"
                               "Importance: Normal\n"
                               "References: <1@x>\n"
                               "MIME-Version: 1.0\n"
                               "Content-Type: text/plain; charset=us-ascii\n"
                               "Content-Transfer-Encoding: 7bit\n\n"
                               "Notification of new message.\n"));
    given.notify.subject = "Mail\r\nBcc: evil@example.net";
    given.notify.body = "größer";
    given.notify.cc = {"b@example.net"};
    given.notify.from = "Me <me@example.org>";
    given.notify.importance = 1;
    given.notify.headers = {{"x-foo-bar", "baz"}};
    const std::string text = given.text();
    CHECK(text.find("\nSubject: Mail  Bcc: evil@example.net\nFrom: Me <me@example.org>\n"
                    "To: a@example.net\nCc: b@example.net\n") != std::string::npos);
    CHECK(text.find("\nX-Priority: 1 (Highest)\nImportance: High\n") != std::string::npos);
    CHECK(text.find("\nX-Foo-Bar: baz\n") != std::string::npos);
    CHECK(text.ends_with("charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ngrößer\n"));
    given.headers.clear();
    given.notify = {.to = {"a@example.net"}, .body = "text", .by_old_extension = true};
    CHECK(given.text().find("\nSubject: [SIEVE] New mail notification\n") != std::string::npos);
    CHECK(given.text().find("\nAuto-Submitted: auto-generated (notify)\n") != std::string::npos);
}

TEST_CASE("the envelope sender is what the setting says, else :from, else the postmaster") {
    Given given;
    CHECK(given.sender("") == "postmaster@example.com");
    CHECK(given.sender("recipient") == "r@example.com");
    CHECK(given.sender("<x@y.example>") == "x@y.example");
    given.notify.from = "Me <me@example.org>";
    CHECK(given.sender("") == "me@example.org");
    given.envelope.sender = "";
    CHECK(given.sender("") == "");
    CHECK(given.sender("recipient") == "");
}

TEST_CASE("a notification goes out after the message is stored, to each recipient") {
    Site site{std::string(settings)};
    site.script("require \"enotify\";\nnotify \"mailto:a@example.net?cc=b@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log().find("Info: sieve: msgid=<1@x>: notify action: sent mail notification to "
                          "<a@example.net>, <b@example.net>") != std::string::npos);
    CHECK(site.sent().find("\nSubject: x\n") != std::string::npos);
    REQUIRE(site.record());
    CHECK(site.record()->actions.back().what == "notify");
    CHECK(site.record()->actions.back().target == "<a@example.net>, <b@example.net>");
    CHECK(site.record()->actions.back().result == "done");
}

TEST_CASE("no notification of what was sent by itself; one that fails is no failure") {
    Site site{std::string(settings)};
    site.script("require \"notify\";\nnotify :options \"a@example.net\";\n");
    CHECK(site.deliver("Auto-Submitted: auto-generated\nSubject: x\n\nb\n").result ==
          Disposition::Result::delivered);
    CHECK(site.sent().empty());
    CHECK(site.log().find("not sending notification for auto-submitted message from "
                          "<s@example.org>") != std::string::npos);
    site.sendmail_exits(1);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2");
    CHECK(site.log().find("notify action: failed to send mail notification to <a@example.net>") !=
          std::string::npos);
    CHECK(site.record()->actions.back().result == "failed");
}
