// SPDX-License-Identifier: MIT
// replace and enclose (RFC 5703 §5, §6) on real messages: the octets that are stored and sent.
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
  sieve_extensions = +editheader
}
)";

const std::string require =
    "require [\"replace\", \"enclose\", \"foreverypart\", \"mime\", \"fileinto\", \"copy\", "
    "\"editheader\", \"variables\"];\n";

std::string stored(const Site& site, const std::string& folder = {}) {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(
             site.directory.at("home/M/" + (folder.empty() ? "" : '.' + folder + '/') + "new"))) {
        std::ifstream in(entry.path());
        std::ostringstream all;
        all << in.rdbuf();
        text += all.str();
    }
    return text;
}

constexpr std::string_view mixed =
    "From: a@example.org\n"
    "Subject: x\n"
    "Content-Type: multipart/mixed; boundary=b\n"
    "\n"
    "--b\n"
    "Content-Type: text/plain\n"
    "\n"
    "first\n"
    "--b\n"
    "Content-Type: multipart/alternative; boundary=c\n"
    "\n"
    "--c\n"
    "Content-Type: text/plain\n"
    "\n"
    "plain\n"
    "--c\n"
    "Content-Type: text/html\n"
    "\n"
    "html\n"
    "--c--\n"
    "--b\n"
    "Content-Type: application/exe\n"
    "\n"
    "bad\n"
    "--b--\n";

}  // namespace

TEST_CASE("replace outside of a loop gives the message another text and keeps its header") {
    Site site{std::string(settings)};
    site.script(require +
                "fileinto :copy \"Old\";\nreplace :subject \"größer\" :from "
                "\"Me <me@example.net>\" \"gone\";\n");
    CHECK(site.deliver(mixed).result == Disposition::Result::delivered);
    CHECK(stored(site, "Old") == mixed);
    CHECK(stored(site) ==
          "Original-Subject: x\nSubject: =?utf-8?q?gr=C3=B6=C3=9Fer?=\n"
          "Original-From: a@example.org\nFrom: Me <me@example.net>\nMIME-Version: 1.0\n"
          "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\ngone\n");
}

TEST_CASE("replace in a loop changes that part alone; the loop goes on behind it") {
    Site site{std::string(settings)};
    site.script(require +
                "set \"seen\" \"\";\n"
                "foreverypart {\n"
                "  if header :mime :contenttype :matches \"content-type\" \"*\" {\n"
                "    set \"seen\" \"${seen} ${1}\"; }\n"
                "  if header :mime :contenttype \"content-type\" \"application/exe\" {\n"
                "    replace \"--b removed\"; }\n"
                "  if header :mime :subtype \"content-type\" \"alternative\" {\n"
                "    replace :mime \"Content-Type: text/x-new\nX-No: y\n\nnew\"; }\n"
                "}\n"
                "addheader \"X-Seen\" \"${seen}\";\n");
    CHECK(site.deliver(mixed).result == Disposition::Result::delivered);
    CHECK(stored(site) ==
          "X-Seen: multipart/mixed text/plain multipart/alternative application/exe\n"
          "From: a@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
          "--b\nContent-Type: text/plain\n\nfirst\n"
          "--b\nContent-Type: text/x-new\n\nnew\n"
          "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
          "LS1iIHJlbW92ZWQ=\n"
          "--b--\n");
}

TEST_CASE("enclose makes a new message of the old one, which redirect does not see") {
    Site site{std::string(settings)};
    site.script(
        require +
        "enclose :subject \"outer\" :headers [\"From\", \"X-None\"] \"see inside\";\n"
        "if header :mime :type \"content-type\" \"multipart\" { addheader \"X-New\" \"1\"; }\n"
        "redirect :copy \"z@example.net\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    const std::string text = stored(site);
    CHECK(text.starts_with("X-New: 1\nFrom: a@example.org\nDate: "));
    CHECK(text.find("\nSubject: outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed;") !=
          std::string::npos);
    CHECK(text.find("Content-Transfer-Encoding: 8bit\n\nsee inside\n--=_") != std::string::npos);
    CHECK(text.find("Content-Type: message/rfc822\n\n" + std::string(Site::plain_message) +
                    "\n--=_") != std::string::npos);
    CHECK(site.sent().ends_with("\nX-Sieve-Redirected-From: r@example.com\n" +
                                std::string(Site::plain_message)));
}

TEST_CASE("a script that fails after a replace leaves the message as it came") {
    Site site{std::string(settings)};
    site.script(require + "replace \"gone\"; set \"n\" \"X Y\"; addheader \"${n}\" \"\";\n");
    CHECK(site.deliver().result == Disposition::Result::delivered);
    CHECK(stored(site) == Site::plain_message);
}
