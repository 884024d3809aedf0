// SPDX-License-Identifier: MIT
#include "deliver/vacation.h"

#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "mail/header.h"

#include <catch2/catch.hpp>

using deliver::Envelope;
using deliver::OwnAddresses;
using deliver::VacationRules;

namespace {

struct Given {
    std::string headers =
        "From: Ann <s@example.org>\nTo: r@example.com\nSubject: Hello\n"
        "Message-ID: <1@x>\n";
    Envelope envelope;
    OwnAddresses own{"r@example.com", "", "", "postmaster@example.com"};
    VacationRules rules;
    sieve::Vacation vacation;
    bool replied_before = false;

    Given() {
        envelope.sender = "s@example.org";
        envelope.recipient = "r@example.com";
        vacation.reason = "gone fishing";
    }
    std::string why() const {
        const std::string text = headers + "\nbody\n";
        const mail::HeaderBlock header(text);
        return deliver::why_no_vacation(vacation, {header, envelope, own}, rules,
                                        [&] { return replied_before; });
    }
    std::string reply() const {
        const std::string text = headers + "\nbody\n";
        const mail::HeaderBlock header(text);
        return deliver::vacation_reply(vacation, {header, envelope, own}, rules,
                                       {.unix_seconds = 1'795'555'606, .zone_minutes = 0},
                                       "<dovecot-sieve-1-2-0@h>");
    }
};

}  // namespace

TEST_CASE("a vacation reply is not sent where one of the checks forbids it (sieve-compat 3.9)") {
    struct Case {
        std::string name;
        std::function<void(Given&)> change;
        std::string why;  // a part of it; empty: a reply is sent
    };
    const auto header = [](const char* line) {
        return [line](Given& g) { g.headers += std::string(line) + '\n'; };
    };
    const auto c = GENERATE_COPY(values<Case>({
        {"all is well", [](Given&) {}, ""},
        {"no recipient", [](Given& g) { g.own.recipient.clear(); }, "recipient is not known"},
        {"null sender", [](Given& g) { g.envelope.sender = ""; }, "reply to <>"},
        {"pipe's null sender", [](Given& g) { g.envelope.sender = "MAILER-DAEMON"; },
         "reply to <>"},
        {"own address", [](Given& g) { g.envelope.sender = "R@example.com"; }, "own address"},
        {"in :addresses",
         [](Given& g) {
             g.vacation.addresses = {"Me <me@x>"};
             g.envelope.sender = "me@x";
         },
         "as specified using :addresses"},
        {"replied before", [](Given& g) { g.replied_before = true; }, "duplicate"},
        {"a mailing list", header("List-Id: <l.x>"), "mailinglist"},
        {"a mailing list's post address", header("list-post: <x>"), "mailinglist"},
        {"automatic", header("Auto-Submitted: auto-replied"), "auto-submitted"},
        {"not automatic", header("Auto-Submitted: no"), ""},
        {"bulk", header("Precedence: BULK"), "precedence=bulk"},
        {"another precedence", header("Precedence: first-class"), ""},
        {"suppressed", header("X-Auto-Response-Suppress: DR, OOF"), "Suppress"},
        {"suppressed otherwise", header("X-Auto-Response-Suppress: DR"), ""},
        {"a robot", [](Given& g) { g.envelope.sender = "owner-list@x"; }, "system address"},
        {"a request address", [](Given& g) { g.envelope.sender = "l-request@x"; },
         "system address"},
        {"not addressed", [](Given& g) { g.headers = "From: a@b\nTo: other@x\n"; },
         "no known (envelope) recipient address found"},
        {"not addressed, unchecked",
         [](Given& g) {
             g.headers = "From: a@b\nTo: other@x\n";
             g.rules.dont_check_recipient = true;
         },
         ""},
        {"addressed by :addresses",
         [](Given& g) {
             g.headers = "From: a@b\nCc: Team: Other <OTHER@x>;\n";
             g.vacation.addresses = {"other@x"};
         },
         ""},
        {"addressed by sieve_user_email",
         [](Given& g) {
             g.headers = "From: a@b\nResent-To: u@x\n";
             g.own.user_email = "u@x";
         },
         ""},
        {"the original recipient does not count",
         [](Given& g) {
             g.headers = "From: a@b\nTo: o@x\n";
             g.own.original_recipient = "o@x";
         },
         "no known"},
        {"unless it is set to",
         [](Given& g) {
             g.headers = "From: a@b\nTo: o@x\n";
             g.own.original_recipient = "o@x";
             g.rules.use_original_recipient = true;
         },
         ""},
    }));
    CAPTURE(c.name);
    Given given;
    c.change(given);
    const std::string why = given.why();
    CAPTURE(why);
    if (c.why.empty())
        CHECK(why.empty());
    else
        CHECK(why.find(c.why) != std::string::npos);
}

TEST_CASE("the reply is what other servers expect of one") {
    Given given;
    const std::string reply = given.reply();
    CHECK(reply.substr(reply.find('\n') + 1) ==
          "Message-ID: <dovecot-sieve-1-2-0@h>\n"
          "Date: Tue, 24 Nov 2026 21:26:46 +0000\n"
          "From: r@example.com\n"
          "To: Ann <s@example.org>\n"
          "Subject: Auto: Hello\n"
          "In-Reply-To: <1@x>\n"
          "References: <1@x>\n"
          "Auto-Submitted: auto-replied (vacation)\n"
          "Precedence: bulk\n"
          "X-Auto-Response-Suppress: All\n"
          "MIME-Version: 1.0\n"
          "Content-Type: text/plain; charset=utf-8\n"
          "Content-Transfer-Encoding: 8bit\n"
          "\n"
          "gone fishing\n");
}

TEST_CASE("parts of the reply follow the script and the message") {
    struct Case {
        std::string name;
        std::function<void(Given&)> change;
        std::string holds;
    };
    const auto c = GENERATE(values<Case>({
        {":subject", [](Given& g) { g.vacation.subject = "Away"; }, "\nSubject: Away\n"},
        {"a subject in UTF-8", [](Given& g) { g.vacation.subject = "\xc3\xa0"; },
         "\nSubject: =?utf-8?"},
        {"no subject", [](Given& g) { g.headers = "To: r@example.com\n"; },
         "\nSubject: Automated reply\n"},
        {"a long subject is cut",
         [](Given& g) {
             g.vacation.subject = "abcdef";
             g.rules.max_subject_characters = 3;
         },
         "\nSubject: =?utf-8?"},
        {":from", [](Given& g) { g.vacation.from = "Me <me@x>"; }, "\nFrom: Me <me@x>\n"},
        {":from of several", [](Given& g) { g.vacation.from = "Me <me@x>, you@y"; },
         "\nFrom: Me <me@x>, you@y\nSender: Me <me@x>\n"},
        {"the address that was written to",
         [](Given& g) {
             g.headers = "To: Alias <alias@x>\n";
             g.vacation.addresses = {"alias@x"};
         },
         "\nFrom: alias@x\n"},
        {"references go on", [](Given& g) { g.headers += "References: <0@x>\n"; },
         "\nReferences: <0@x> <1@x>\n"},
        {":mime",
         [](Given& g) {
             g.vacation.mime = true;
             g.vacation.reason = "Content-Type: text/html\r\n\r\n<p>gone</p>\r\n";
         },
         "\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>gone</p>\n"},
        {"another display name is not taken",
         [](Given& g) { g.headers = "From: Other <o@x>\nTo: r@example.com\n"; },
         "\nTo: s@example.org\n"},
    }));
    CAPTURE(c.name);
    Given given;
    c.change(given);
    const std::string reply = given.reply();
    CAPTURE(reply);
    CHECK(reply.find(c.holds) != std::string::npos);
}

TEST_CASE("the period of a reply stays within its bounds") {
    sieve::Vacation vacation;
    VacationRules rules;
    CHECK(deliver::vacation_period(vacation, rules) == 7 * 86400);
    vacation.period_seconds = 60;
    CHECK(deliver::vacation_period(vacation, rules) == 86400);
    rules.min_period = 0;
    CHECK(deliver::vacation_period(vacation, rules) == 60);
    vacation.period_seconds = 0;
    CHECK(deliver::vacation_period(vacation, rules) == 0);
    rules.max_period = 100;
    vacation.period_seconds = 1000;
    CHECK(deliver::vacation_period(vacation, rules) == 100);
}

TEST_CASE("a reply is remembered by sender and handle") {
    Given given;
    const mail::HeaderBlock header("\n");
    const auto key = [&] {
        return deliver::vacation_key(given.vacation, {header, given.envelope, given.own});
    };
    const std::string first = key();
    given.envelope.sender = "S@Example.ORG";
    CHECK(key() == first);
    given.vacation.reason = "other";
    CHECK(key() != first);
    given.vacation.handle = "h";
    const std::string handled = key();
    given.vacation.reason = "third";
    CHECK(key() == handled);
}
