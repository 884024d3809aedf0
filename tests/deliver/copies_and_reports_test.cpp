// SPDX-License-Identifier: MIT
// Whole deliveries with what scripts send besides: copies of it (RFC 8580), feedback reports
// (RFC 5965), what a redirect asks of the next server (RFC 6009), and what decides where to: ids
// (RFC 9042), annotations (RFC 5490), the content of parts.
#include "deliver/file_types.h"
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>

using deliver::Disposition;

namespace {

constexpr std::string_view with_sieve = R"(
mail_plugins = sieve
mail_attribute_dict = file:%h/attributes
lda_mailbox_autocreate = yes
plugin {
  sieve = ~/.dovecot.sieve
  sieve_extensions = +vnd.dovecot.report +mboxmetadata +servermetadata +vnd.tamis.filetype +special-use +redirect-dsn +redirect-deliverby +envelope-dsn +envelope-deliverby
}
)";

constexpr std::string_view to_me =
    "From: Ann <s@example.org>\nTo: r@example.com\nSubject: Hello\nMessage-ID: <1@x>\n\nbody\n";

constexpr std::string_view id = "a4f3233152f9066bff55000083ecc375";

bool contains(const std::string& text, std::string_view what) {
    return text.find(what) != std::string::npos;
}

std::string only_file_in(const Site& site, const std::string& directory) {
    for (const auto& entry : std::filesystem::directory_iterator(site.directory.at(directory)))
        return site.directory.read(directory + "/" + entry.path().filename().string());
    return {};
}

}  // namespace

TEST_CASE("a copy of a vacation reply is filed once it has gone out (RFC 8580 5)") {
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"vacation\", \"fcc\", \"imap4flags\", \"mailbox\"];\n"
        "vacation :subject \"Away\" :fcc \"Sent\" :create :flags \"\\\\Seen\" \"gone fishing\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1 Sent:1(S)");
    const std::string copy = only_file_in(site, "home/M/.Sent/cur");
    CHECK(contains(copy, "\nSubject: Away\n"));
    CHECK(contains(copy, "gone fishing"));
    CHECK(contains(site.sent(), copy));
    const auto record = site.record();
    REQUIRE(record);
    CHECK(record->actions.back().what == "fcc");
    CHECK(record->actions.back().target == "Sent");
    CHECK(record->actions.back().flags == "\\Seen");
    CHECK(record->actions.back().result == "done");
}

TEST_CASE("what was not sent has no copy, and a copy that cannot be stored is no failure") {
    Site site{std::string(with_sieve) + "lda_mailbox_autocreate = no\n"};
    site.script(
        "require [\"enotify\", \"fcc\"];\n"
        "notify :fcc \"Sent\" :message \"mail\" \"mailto:x@example.com\";\n");
    site.sendmail_exits(75);
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK_FALSE(contains(site.log(), "fcc:"));
    site.sendmail_exits(0);
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2");
    CHECK(contains(site.log(),
                   "fcc: failed to store a copy of what was sent into mailbox 'Sent': Mailbox "
                   "doesn't exist: Sent"));
}

TEST_CASE("a report goes to its address and the mail is kept (RFC 5965)") {
    Site site{std::string(with_sieve)};
    site.script(
        "require \"vnd.dovecot.report\";\n"
        "report \"abuse\" \"This is spam\" \"spam@example.org\";\n"
        "report :headers_only \"fraud\" \"Ärger\" \"fraud@example.org\";\n");
    site.envelope.sender = "s@example.org";
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:1");
    const std::string sent = site.sent();
    const std::size_t second = sent.find("ARGS -i -f <> -- fraud@example.org\n");
    REQUIRE(second != std::string::npos);
    const std::string abuse = sent.substr(0, second);
    CHECK(abuse.starts_with("ARGS -i -f <> -- spam@example.org\n"));
    CHECK(contains(abuse, "\nFrom: Postmaster <postmaster@"));
    CHECK(contains(abuse, "\nTo: <spam@example.org>\nSubject: Report: Hello\n"));
    CHECK(contains(abuse, "\nAuto-Submitted: auto-generated (report)\n"));
    CHECK(contains(abuse,
                   "\nContent-Type: multipart/report; report-type=feedback-report;\n\tboundary="));
    CHECK(contains(abuse,
                   "Content-Type: message/feedback-report\n\nVersion: 1\n"
                   "Feedback-Type: abuse\nUser-Agent: Tamis\n"
                   "Original-Mail-From: <s@example.org>\n"));
    CHECK(contains(abuse,
                   "\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n"
                   "From: Ann <s@example.org>\n"));
    CHECK(contains(abuse, "\n\nbody\n"));
    const std::string fraud = sent.substr(second);
    CHECK(contains(fraud, "\nContent-Type: text/rfc822-headers\n"));
    CHECK_FALSE(contains(fraud, "\nbody\n"));
    CHECK(contains(fraud, "Content-Type: text/plain; charset=utf-8\n"));
    CHECK(contains(site.log(), "report action: sent `abuse' report to <spam@example.org>"));
}

TEST_CASE("sieve_report_from says who reports, also of a message without a sender") {
    for (const auto& [setting, from] :
         {std::pair("sender", "\nFrom: Postmaster <postmaster@"),
          std::pair("recipient", "\nFrom: <r@example.com>\n"),
          std::pair("<desk@example.org>", "\nFrom: <desk@example.org>\n")}) {
        CAPTURE(setting);
        Site site{std::string(with_sieve) + "plugin {\n  sieve_report_from = \"" + setting +
                  "\"\n}\n"};
        site.script("require \"vnd.dovecot.report\";\nreport \"abuse\" \"x\" \"a@example.org\";\n");
        site.envelope.sender = "";
        CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
        CHECK(contains(site.sent(), from));
    }
}

TEST_CASE("a redirect says what reports it wants, and then comes from the script's owner") {
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"copy\", \"redirect-dsn\"];\n"
        "redirect :copy :notify \"SUCCESS,DELAY\" :ret \"HDRS\" \"a@example.net\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.sent().starts_with(
        "ARGS -i -f r@example.com -N success,delay -R hdrs -- a@example.net\n"));
}

TEST_CASE("a message that must be returned when late is kept where nobody promises that") {
    Site site{std::string(with_sieve)};
    site.script(
        "require \"redirect-deliverby\";\nredirect :bytimerelative 60 \"a@example.net\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.sent().empty());
    CHECK(site.folders() == "INBOX:1");
    site.script(
        "require \"redirect-deliverby\";\n"
        "redirect :bytimerelative 60 :bymode \"notify\" \"a@example.net\";\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.sent().starts_with("ARGS -i -f r@example.com -- a@example.net\n"));
    CHECK(site.folders() == "INBOX:1");
}

TEST_CASE("the envelope's parameters are there for scripts (RFC 6009 4, 5)") {
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"envelope\", \"envelope-dsn\", \"envelope-deliverby\", \"fileinto\"];\n"
        "if allof (envelope \"orcpt\" \"rfc822;o@example.com\", envelope \"notify\" \"NEVER\",\n"
        "          envelope \"bymode\" \"return\") { fileinto \"yes\"; }\n");
    site.envelope.dsn.orcpt = "rfc822;o@example.com";
    site.envelope.dsn.notify = "NEVER";
    site.envelope.deliver_by = sieve::DeliverBy{.at = 1, .returns = true, .trace = false};
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "yes:1");
}

TEST_CASE("a mailbox is found by its id, whatever its name is by now (RFC 9042)") {
    Site site{std::string(with_sieve)};
    for (const char* part : {"cur", "new", "tmp"})
        std::filesystem::create_directories(
            site.directory.at(std::string("home/M/.Renamed/") + part));
    site.directory.write("home/M/.Renamed/dovecot-uidlist",
                         "3 V1795619154 N1 G" + std::string(id) + "\n");
    site.script("require [\"fileinto\", \"mailboxid\"];\nif mailboxidexists \"" + std::string(id) +
                "\" { fileinto :mailboxid \"" + std::string(id) + "\" \"Old\"; }\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "Renamed:1");
}

TEST_CASE("annotations that Dovecot has written are there for scripts (RFC 5490)") {
    Site site{std::string(with_sieve)};
    site.directory.write("home/M/dovecot-uidlist", "3 V1795619154 N1 G" + std::string(id) + "\n");
    site.directory.write("home/attributes",
                         "priv/" + std::string(id) + "/comment\ntwo\001nlines\n" + "shared/" +
                             std::string(id) + "/vendor/vendor.dovecot/pvt/server/admin\nroot\n");
    site.script(
        "require [\"fileinto\", \"mboxmetadata\", \"servermetadata\"];\n"
        "if allof (metadata :matches \"INBOX\" \"/private/Comment\" \"two?lines\",\n"
        "          servermetadata \"/shared/admin\" \"root\",\n"
        "          not servermetadataexists \"/private/admin\") { fileinto \"yes\"; }\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::delivered);
    CHECK(site.folders() == "yes:1");
}

TEST_CASE("annotations that cannot be read for now defer the mail (RFC 5490 5)") {
    Site site{std::string(with_sieve)};
    site.directory.write("home/M/dovecot-uidlist", "3 V1795619154 N1 G" + std::string(id) + "\n");
    std::filesystem::create_directories(site.directory.at("home/attributes"));
    site.script(
        "require \"servermetadata\";\nif servermetadataexists \"/shared/a\" { discard; }\n");
    CHECK(site.deliver(to_me).result == Disposition::Result::temporary);
    CHECK(site.folders().empty());
}

TEST_CASE("a program that calls itself a document is seen by its content") {
    REQUIRE(deliver::FileTypes().is_there());
    Site site{std::string(with_sieve)};
    site.script(
        "require [\"vnd.tamis.filetype\", \"fileinto\"];\n"
        "if filetype :anychild :contains :mismatch \"executable\" { fileinto \"evil\"; }\n"
        "elsif filetype :anychild :mismatch { fileinto \"odd\"; }\n");
    const auto mail = [](std::string_view type, std::string_view name, std::string_view content) {
        return "From: s@example.org\nTo: r@example.com\nSubject: x\nMIME-Version: 1.0\n"
               "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: " +
               std::string(type) + "\nContent-Disposition: attachment; filename=\"" +
               std::string(name) + "\"\nContent-Transfer-Encoding: base64\n\n" +
               std::string(content) + "\n--b--\n";
    };
    // "MZ" with a PE header's place and "PE"; "%PDF-1.4"; "PK\3\4".
    const std::string_view program =
        "TVqQAAMAAAAEAAAA//"
        "8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAFBFAABMAQEA";
    const std::string_view pdf = "JVBERi0xLjQKJcOkw7zDtsOfCg==";
    CHECK(site.deliver(mail("application/pdf", "invoice.pdf", program)).result ==
          Disposition::Result::delivered);
    CHECK(site.folders() == "evil:1");
    CHECK(site.deliver(mail("application/octet-stream", "invoice.pdf", program)).result ==
          Disposition::Result::delivered);
    CHECK(site.folders() == "evil:2");
    CHECK(site.deliver(mail("image/png", "a.png", pdf)).result == Disposition::Result::delivered);
    CHECK(site.folders() == "evil:2 odd:1");
    CHECK(site.deliver(mail("application/pdf", "a.pdf", pdf)).result ==
          Disposition::Result::delivered);
    CHECK(site.deliver(mail("application/x-msdownload", "setup.exe", program)).result ==
          Disposition::Result::delivered);
    CHECK(site.folders() == "INBOX:2 evil:2 odd:1");
}
