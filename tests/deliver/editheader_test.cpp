// SPDX-License-Identifier: MIT
// Whole deliveries of messages that scripts edit (RFC 5293 §7): what is stored, sent and piped is
// the message as it was when the action was decided.
#include "site.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using deliver::Disposition;

namespace {

constexpr std::string_view settings = R"(
mail_plugins = sieve
lda_mailbox_autocreate = yes
plugin {
  sieve = file:~/.dovecot.sieve
  sieve_before = @D@/before.sieve
  sieve_after = @D@/after.sieve
  sieve_extensions = +editheader
  sieve_editheader_forbid_add = X-No
  sieve_editheader_forbid_delete = X-Keep
}
)";

// The one message of a folder, without the lines that the delivery itself puts in front.
std::string stored(const Site& site, const std::string& folder) {
    const std::string directory =
        site.directory.at("home/M/" + (folder == "INBOX" ? "" : '.' + folder + '/') + "new");
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        CHECK(text.empty());
        std::ifstream in(entry.path());
        std::ostringstream all;
        all << in.rdbuf();
        text = all.str();
    }
    return text;
}

}  // namespace

TEST_CASE("each action takes the message as it was then, the implicit keep as it is at the end") {
    Site site{std::string(settings)};
    site.script(
        "require [\"editheader\", \"fileinto\", \"copy\"];\n"
        "fileinto :copy \"Before\";\n"
        "addheader \"X-One\" \"1\";\n"
        "deleteheader \"Subject\";\n"
        "fileinto :copy \"After\";\n"
        "redirect :copy \"z@example.net\";\n"
        "addheader :last \"X-Two\" \"größer\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(stored(site, "Before") == Site::plain_message);
    const std::string edited =
        "X-One: 1\nFrom: a@example.org\nTo: b@example.com\n"
        "Message-ID: <1@x>\n";
    CHECK(stored(site, "After") == edited + "\nbody\n");
    CHECK(
        site.sent().ends_with("\nX-Sieve-Redirected-From: r@example.com\n" + edited + "\nbody\n"));
    CHECK(stored(site, "INBOX") == edited + "X-Two: =?utf-8?q?gr=C3=B6=C3=9Fer?=\n\nbody\n");
}

TEST_CASE("edits go on to the next script; one that fails leaves the message as it came") {
    struct Case {
        std::string name, personal, after, kept;
    };
    const auto c = GENERATE(values<Case>({
        {"well", "addheader \"X-B\" \"2\";\n", "addheader \"X-C\" \"3\";\n",
         "X-C: 3\nX-B: 2\nX-A: 1\n"},
        {"a keep counts as it was", "addheader \"X-B\" \"2\"; keep; addheader \"X-B\" \"3\";\n", "",
         "X-B: 2\nX-A: 1\n"},
        {"but a later script goes on", "addheader \"X-B\" \"2\"; keep;\n",
         "addheader \"X-C\" \"3\";\n", "X-C: 3\nX-B: 2\nX-A: 1\n"},
        {"failed", "addheader \"X-B\" \"2\"; addheader \"X B\" text:\n.\n;\n", "", ""},
        {"fails while it runs",
         "addheader \"X-B\" \"2\"; set \"n\" \"X B\"; addheader \"${n}\" \"\";\n", "", ""},
    }));
    INFO(c.name);
    Site site{std::string(settings)};
    const std::string require = "require [\"editheader\", \"variables\"];\n";
    site.directory.write("before.sieve", require + "addheader \"X-A\" \"1\";\n");
    site.script(require + c.personal);
    if (!c.after.empty()) site.directory.write("after.sieve", require + c.after);
    CHECK(site.deliver().result == Disposition::Result::delivered);
    // A script that does not compile is passed over: what the one before decided stands.
    const std::string kept = c.name == "failed" ? "X-A: 1\n" : c.kept;
    CHECK(stored(site, "INBOX") == kept + std::string(Site::plain_message));
}

TEST_CASE("what the administrator forbids is left undone, but for the subject") {
    Site site{std::string(settings)};
    site.script(
        "require \"editheader\";\n"
        "addheader \"X-No\" \"1\";\n"
        "deleteheader \"X-Keep\";\n"
        "deleteheader \"Subject\";\n");
    CHECK(site.deliver("X-Keep: 1\nSubject: x\n\nb\n").result == Disposition::Result::delivered);
    CHECK(stored(site, "INBOX") == "X-Keep: 1\n\nb\n");
    CHECK(site.user_log().find("adding the header field 'X-No' is forbidden") != std::string::npos);
}

TEST_CASE("vacation looks at the header as it is then, reject's report at the one that came") {
    Site site{std::string(settings)};
    site.script(
        "require [\"editheader\", \"vacation\"];\n"
        "addheader \"List-Id\" \"<l.example.com>\";\n"
        "vacation \"away\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.sent().empty());
    site.script(
        "require [\"editheader\", \"reject\"];\n"
        "deleteheader \"Subject\";\n"
        "reject text:\ntwo\nlines\n.\n;\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(site.sent().find("\nSubject: x\n") != std::string::npos);
}
