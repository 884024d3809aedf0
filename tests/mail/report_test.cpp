// SPDX-License-Identifier: MIT
#include "mail/report.h"

#include "mail/message.h"

#include <catch2/catch.hpp>

namespace {

const std::string original =
    "Return-Path: <s@x.org>\n"
    "Message-ID: <id1@x>\n"
    "From: Foo <s@x.org>\n"
    "Subject: =?utf-8?q?h=C3=A4?= llo\n"
    "Content-Type: text/plain;\n"
    " charset=utf-8\n"
    "Original-Recipient: rfc822;orig@x\n"
    "X: y\n"
    "\n"
    "body\n";

mail::ReportContext context() {
    mail::ReportContext made;
    made.now = {1795555644, 0, false};
    made.microseconds = 748648;
    made.process_id = 22158;
    made.hostname = "mx.example.com";
    made.postmaster = "pm@example.com";
    return made;
}

mail::Rejection rejection() {
    mail::Rejection made;
    made.sender = "s@x.org";
    made.recipient = "user@example.com";
    made.reason = "I don't want \xc3\xa4 this.\nsecond line";
    made.subject_pattern = "Rejected: %s";
    made.reason_pattern = "Your message to <%t> was automatically rejected:%n%r";
    return made;
}

}  // namespace

TEST_CASE("a disposition report looks as Dovecot's") {
    mail::Message message(original);
    CHECK(mail::disposition_report(context(), rejection(), message) ==
          "Message-ID: <dovecot-1795555644-748648-0@mx.example.com>\n"
          "Date: Tue, 24 Nov 2026 21:27:24 +0000\n"
          "From: Postmaster <pm@example.com>\n"
          "To: <s@x.org>\n"
          "MIME-Version: 1.0\n"
          "Content-Type: multipart/report; report-type=disposition-notification;\n"
          "\tboundary=\"22158/mx.example.com\"\n"
          "Subject: Rejected: =?utf-8?q?h=C3=A4?= llo\n"
          "Auto-Submitted: auto-replied (rejected)\n"
          "Precedence: bulk\n"
          "\n"
          "This is a MIME-encapsulated message\n"
          "\n"
          "--22158/mx.example.com\n"
          "Content-Type: text/plain; charset=utf-8\n"
          "Content-Disposition: inline\n"
          "Content-Transfer-Encoding: 8bit\n"
          "\n"
          "Your message to <user@example.com> was automatically rejected:\n"
          "I don't want \xc3\xa4 this.\n"
          "second line\n"
          "--22158/mx.example.com\n"
          "Content-Type: message/disposition-notification\n"
          "\n"
          "Reporting-UA: mx.example.com; Dovecot Mail Delivery Agent\n"
          "Original-Recipient: rfc822; orig@x\n"
          "Final-Recipient: rfc822; user@example.com\n"
          "Original-Message-ID: <id1@x>\n"
          "Disposition: automatic-action/MDN-sent-automatically; deleted\n"
          "\n"
          "--22158/mx.example.com\n"
          "Content-Type: message/rfc822\n"
          "\n"
          "Return-Path: <s@x.org>\n"
          "Message-ID: <id1@x>\n"
          "From: Foo <s@x.org>\n"
          "Subject: =?utf-8?q?h=C3=A4?= llo\n"
          "Original-Recipient: rfc822;orig@x\n"
          "X: y\n"
          "\n"
          "\n"
          "--22158/mx.example.com--\n");
}

TEST_CASE("a delivery status report carries its status") {
    mail::Message message("Subject: a\r\n b\r\n\r\nx");
    mail::Rejection full = rejection();
    full.status = "5.2.2";
    full.orig_recipient = "o@x";
    full.reason_pattern = "%{to}: %{reason}%% %x %{foo} %";
    full.reason = "Quota exceeded";
    mail::ReportContext made = context();
    made.postmaster = "The Boss <boss@x>";
    const std::string text = mail::delivery_status_report(made, full, message);
    CHECK(text.find("From: The Boss <boss@x>\n") != std::string::npos);
    CHECK(text.find("report-type=delivery-status;") != std::string::npos);
    CHECK(text.find("user@example.com: Quota exceeded% %x %{foo} %\n--") != std::string::npos);
    CHECK(text.find("\n\nReporting-MTA: dns; mx.example.com\n\n"
                    "Original-Recipient: rfc822; o@x\n"
                    "Final-Recipient: rfc822; user@example.com\n"
                    "Action: failed\nStatus: 5.2.2\n\n--") != std::string::npos);
    CHECK(text.find("Subject: a\n b\n\n\n--") != std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
    mail::Message report(text);
    CHECK(report.structure().parts.size() == 5);
}

TEST_CASE("automatic mail gets no report") {
    CHECK(
        mail::is_auto_submitted(mail::HeaderBlock("Auto-Submitted: auto-replied (vacation)\n\n")));
    CHECK(mail::is_auto_submitted(mail::HeaderBlock("auto-submitted: Auto-Generated\n\n")));
    CHECK(!mail::is_auto_submitted(mail::HeaderBlock("Auto-Submitted: No (really)\n\n")));
    CHECK(!mail::is_auto_submitted(mail::HeaderBlock("X: y\n\n")));
}
