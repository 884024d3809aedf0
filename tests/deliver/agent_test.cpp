// SPDX-License-Identifier: MIT
// Recipients, and deliveries without Sieve. Those with scripts are in scripts_test.cpp.
#include "deliver/agent.h"

#include "mail/address.h"
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <thread>
#include <unistd.h>

using deliver::Disposition;
using deliver::Protocol;

namespace {

user::User known_user(const Site& site, uid_t uid) {
    user::User user;
    user.name = "jdoe@example.com";
    user.home = site.directory.at("home");
    user.uid = uid;
    user.gid = uid;
    return user;
}

mail::Path path(std::string_view text) {
    return *mail::parse_path(text);
}

}  // namespace

TEST_CASE("a message without scripts lies in INBOX, and the log says so as Dovecot does") {
    Site site;
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log() == "Info: msgid=<1@x>: saved mail to INBOX");
    const auto record = site.record();
    REQUIRE(record);
    CHECK(record->result == "delivered");
    CHECK(record->message_id == "<1@x>");
    REQUIRE(record->actions.size() == 1);
    CHECK(record->actions[0].what == "save");
    CHECK(std::filesystem::exists(record->actions[0].file));
}

TEST_CASE("a missing default mailbox is INBOX, unless it may be made") {
    Site site(GENERATE(as<std::string>(), "", "lda_mailbox_autocreate = yes\n"));
    site.default_mailbox = "Nope";
    CHECK(site.deliver().result == Disposition::Result::delivered);
    if (site.folders() == "Nope:1") {
        CHECK(site.log() == "Info: msgid=<1@x>: saved mail to Nope");
        return;
    }
    CHECK(site.folders() == "INBOX:1");
    CHECK(site.log() ==
          "Info: msgid=<1@x>: save failed to open mailbox Nope: Mailbox doesn't exist: Nope\n"
          "Info: msgid=<1@x>: saved mail to INBOX");
}

TEST_CASE("deliver_log_format (compat 3.7)") {
    struct Case {
        std::string format, message, line;
    };
    const std::string long_subject(100, 's');
    const auto c = GENERATE_COPY(values<Case>({
        {"msgid=%m: %$", "Subject: x\n\nb\n", "msgid=unspecified: saved mail to INBOX"},
        {"%$ %p %w", "Subject: x\n\nb\n", "saved mail to INBOX 14 17"},
        {"%f|%s|%e", "From: A <a@b>\nSubject: =?utf-8?q?=C3=A9?=\n\nb\n",
         "A <a@b>|\xc3\xa9|s@example.org"},
        {"%{from} %{msgid} %{to_envelope}", "From: a@b\nMessage-ID: <2@y>\n\nb\n",
         "a@b <2@y> o@example.com"},
        {"%s", "Subject: " + long_subject + "\n\nb\n", std::string(80, 's') + "..."},
    }));
    CAPTURE(c.format);
    Site site("deliver_log_format = " + c.format + "\n");
    site.envelope.original_recipient = "o@example.com";
    CHECK(site.deliver(c.message).result == Disposition::Result::delivered);
    CHECK(site.log() == "Info: " + c.line);
}

TEST_CASE("an empty deliver_log_format means no lines") {
    Site site("deliver_log_format =\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.log().empty());
}

TEST_CASE("a storage that cannot be written is a temporary failure that leaves nothing") {
    Site site;
    // A file where the home should be.
    std::filesystem::remove(site.directory.at("home"));
    site.directory.write("home", "");
    const Disposition disposition = site.deliver();
    CHECK(disposition.result == Disposition::Result::temporary);
    CHECK(disposition.status.status_class == 4);
    CHECK(site.log().find("Error: msgid=<1@x>: save failed: ") == 0);
}

TEST_CASE("a mail_location that cannot work is a temporary failure with its reason in the log") {
    Site site("mail_location = mbox:~/mail\n");
    CHECK(site.deliver().result == Disposition::Result::temporary);
    CHECK(site.log().find("Error: ") == 0);
    CHECK(site.log().find("mbox") != std::string::npos);
}

TEST_CASE("a record can be turned off, for one user too, and its failure fails nothing") {
    Site site(GENERATE(as<std::string>(), "tamis_delivery_record = no\n", ""));
    site.fields["tamis_delivery_record"] = "no";
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK_FALSE(site.record());
    site.fields.clear();
    std::filesystem::create_directories(site.directory.at("home/M/tamis-deliveries.jsonl"));
    CHECK(site.deliver().result == Disposition::Result::delivered);
}

TEST_CASE("userdb fields override settings") {
    Site site;
    site.fields["deliver_log_format"] = "mine: %$";
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.log() == "Info: mine: saved mail to INBOX");
}

TEST_CASE("who is known, and what is said of the others (compat 4.1, 4.3, 13)") {
    struct Case {
        std::string address, asked_for, status, text;
    };
    const auto c = GENERATE(values<Case>({
        {"JDoe@EXAMPLE.com", "jdoe@example.com", "", ""},
        {"jdoe+shop@example.com", "jdoe@example.com", "", ""},
        {"nobody@example.com", "nobody@example.com", "5.1.1",
         "User doesn't exist: nobody@example.com"},
        {"..@example.com", "", "5.1.3", "Invalid recipient address"},
        {"\"a/b\"@example.com", "", "5.1.3", "Invalid recipient address"},
        {"o'brien@example.com", "", "5.1.1", "User doesn't exist: o'brien@example.com"},
    }));
    CAPTURE(c.address);
    Site site("first_valid_uid = 1\n");
    site.users.known["jdoe@example.com"] = known_user(site, 1000);
    const auto recipient = site.agent().find_recipient(path(c.address), site.envelope);
    CHECK(site.users.asked_for == c.asked_for);
    CHECK(recipient.has_value() == c.status.empty());
    if (recipient) {
        CHECK(recipient->user.name == "jdoe@example.com");
        return;
    }
    CHECK(recipient.error().result == Disposition::Result::permanent);
    CHECK(recipient.error().status.text() == c.status);
    CHECK(recipient.error().text == c.text);
}

TEST_CASE("a look-up that fails is temporary, and its reason stands in the log only") {
    Site site;
    site.users.broken = true;
    const auto recipient = site.agent().find_recipient(path("jdoe@example.com"), site.envelope);
    REQUIRE_FALSE(recipient);
    CHECK(recipient.error().result == Disposition::Result::temporary);
    CHECK(recipient.error().status.text() == "4.3.0");
    CHECK(recipient.error().text == "Temporary internal error");
    CHECK(site.log() ==
          "Error: User jdoe@example.com: userdb lookup failed: the directory is down");
}

TEST_CASE("the LDA takes a name as it is: no delimiter is looked for") {
    Site site("auth_username_chars =\nfirst_valid_uid = 1\n");
    CHECK_FALSE(site.agent().find_user("jdoe+x@example.com", site.envelope));
    CHECK(site.users.asked_for == "jdoe+x@example.com");
}

TEST_CASE("lmtp_save_to_detail_mailbox makes the detail the default mailbox") {
    Site site(
        "lmtp_save_to_detail_mailbox = yes\nfirst_valid_uid = 1\n"
        "namespace inbox {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\n",
        Protocol::lmtp);
    const uid_t own = ::geteuid() == 0 ? 1000 : ::geteuid();
    site.users.known["jdoe@example.com"] = known_user(site, own);
    const auto recipient =
        site.agent().find_recipient(path("jdoe+shop@example.com"), site.envelope);
    if (::geteuid() == 0) {  // LMTP delivers for its own uid only
        REQUIRE_FALSE(recipient);
        CHECK(recipient.error().result == Disposition::Result::temporary);
        CHECK(site.log() ==
              "Error: User jdoe@example.com has uid 1000, but this process delivers "
              "for uid 0 only");
        return;
    }
    REQUIRE(recipient);
    CHECK(recipient->detail == "shop");
    CHECK(recipient->default_mailbox == "INBOX.shop");
}

TEST_CASE("one agent serves many threads at once") {
    Site site;
    std::vector<std::thread> threads;
    std::atomic<int> delivered{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            user::User user;
            user.name = "nobody@example.com";
            user.home = site.directory.at("home");
            base::Spool spool;
            spool.append(Site::plain_message);
            spool.seal();
            for (int j = 0; j < 5; ++j) {
                const auto recipient = site.agent().as_recipient(user, site.envelope);
                if (recipient && site.agent().deliver(*recipient, site.envelope, spool).result ==
                                     Disposition::Result::delivered)
                    ++delivered;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(delivered == 20);
    CHECK(site.folders() == "INBOX:20");
}
