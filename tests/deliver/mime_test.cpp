// SPDX-License-Identifier: MIT
// Sieve over the parts of real messages: foreverypart, mime and extracttext (RFC 5703). What is
// expected was seen at Pigeonhole 0.5.19.
#include "deliver/sieve_message.h"
#include "mail/message.h"
#include "sieve/compile.h"
#include "sieve/machine/machine.h"

#include <catch2/catch.hpp>

#include <string>

namespace {

constexpr std::string_view message_text =
    "From: Joe <joe@example.com>\n"
    "To: me@example.org\n"
    "Subject: multi\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=\"b1\"\n"
    "\n"
    "pro\n"
    "--b1\n"
    "Content-Type: multipart/alternative; boundary=b2\n"
    "\n"
    "--b2\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n"
    "X-Part: p1\n"
    "\n"
    "Gr=C3=BC=C3=9Fe und mehr\n"
    "--b2\n"
    "Content-Type: text/html\n"
    "X-Part: p2\n"
    "\n"
    "<p>html</p>\n"
    "--b2--\n"
    "--b1\n"
    "Content-Type: application/octet-stream; name=\"a.exe\"\n"
    "Content-Disposition: attachment; filename*=utf-8''%C3%A4.exe\n"
    "X-Part: p3\n"
    "\n"
    "MZxx\n"
    "--b1\n"
    "Content-Type: message/rfc822\n"
    "X-Part: p4\n"
    "\n"
    "From: inner@example.net\n"
    "Subject: inner subject\n"
    "Content-Type: text/plain\n"
    "\n"
    "inner body\n"
    "--b1--\n";

// What debug_log said, joined by "|".
std::string said(const std::string& commands, std::string_view text = message_text) {
    sieve::CompileOptions options;
    options.extensions = sieve::every_extension();
    const sieve::Compilation compiled = sieve::compile(
        "require [\"foreverypart\", \"mime\", \"extracttext\", \"variables\", \"relational\", "
        "\"vnd.dovecot.debug\", \"editheader\", \"index\", \"comparator-i;ascii-numeric\"];\n" +
            commands,
        options);
    INFO(sieve::render(compiled, "t"));
    REQUIRE(compiled.program);
    const mail::Message message(text);
    const deliver::SieveMessage view(message);
    const deliver::SieveHost host({});
    const sieve::Envelope envelope;
    const sieve::RunSettings settings;
    const sieve::Outcome outcome =
        sieve::run(*compiled.program, {view, envelope, host, settings, "t"});
    std::string result;
    for (const sieve::RuntimeWarning& line : outcome.debug)
        result += (result.empty() ? "" : "|") + line.text.substr(7);
    if (outcome.error) result += " error: " + outcome.error->text;
    return result;
}

}  // namespace

TEST_CASE("foreverypart goes over all parts, a loop inside over those of its part (RFC 5703 §3)") {
    CHECK(said("foreverypart {\n"
               "  if header :mime :contenttype :matches \"content-type\" \"*\" { debug_log "
               "\"${1}\"; }\n"
               "  foreverypart {\n"
               "    if header :mime :subtype :matches \"content-type\" \"*\" { debug_log "
               "\"  ${1}\"; }\n"
               "  }\n"
               "}\n") ==
          "multipart/mixed|  alternative|  plain|  html|  octet-stream|  rfc822|  "
          "plain|multipart/alternative|  plain|  html|text/plain|text/html|"
          "application/octet-stream|message/rfc822|  plain|text/plain");
    CHECK(said("foreverypart :name \"a\" { foreverypart { debug_log \"in\"; break :name \"a\"; }\n"
               "debug_log \"wrong\"; }\ndebug_log \"after\";") == "in|after");
    CHECK(said("foreverypart { if header :mime \"x-part\" \"p2\" { debug_log \"p2\"; break; } }\n"
               "debug_log \"after\";") == "p2|after");
    CHECK(said("foreverypart { debug_log \"once\"; }", "Subject: x\n\nbody\n") == "once");
}

TEST_CASE("extracttext gives a part's text, decoded and cut (RFC 5703 §7)") {
    CHECK(said("foreverypart { extracttext :first 8 \"x\"; debug_log \"<${x}>\"; }") ==
          "<>|<>|<Grüße un>|<html>|<MZxx>|<>|<inner bo>");
    CHECK(said("foreverypart { extracttext :upper :first 3 \"x\"; debug_log \"${x}\"; }",
               "Subject: x\n\nbody\n") == "BOD");
    CHECK(said("foreverypart { extracttext \"x\"; debug_log \"<${x}>\"; }",
               "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n/////w==\n") == "<>");
}

TEST_CASE("tests with :mime see a part's header, :anychild those below it (RFC 5703 §4)") {
    struct Case {
        std::string test;
        bool truth;
    };
    const auto c = GENERATE(values<Case>({
        {"header :mime :anychild \"x-part\" \"p4\"", true},
        {"header :mime \"x-part\" \"p1\"", false},
        {"header :mime \"subject\" \"multi\"", true},
        {"header :mime :anychild \"subject\" \"inner subject\"", true},
        {"header :mime :anychild :count \"eq\" :comparator \"i;ascii-numeric\" \"x-part\" \"4\"",
         true},
        {"header :mime :type \"content-type\" \"multipart\"", true},
        {"header :mime :subtype \"content-type\" \"mixed\"", true},
        {"header :mime :anychild :type \"content-disposition\" \"attachment\"", true},
        {"header :mime :anychild :subtype \"content-disposition\" \"\"", true},
        {"header :mime :anychild :type \"x-part\" \"\"", true},
        {"header :mime :anychild :type \"x-part\" \"p1\"", false},
        {"header :mime :param [\"name\", \"boundary\"] \"content-type\" \"b1\"", true},
        {"header :mime :anychild :param \"filename\" \"content-disposition\" \"ä.exe\"", true},
        {"header :mime :anychild :param \"name\" :count \"eq\" :comparator \"i;ascii-numeric\" "
         "\"content-type\" \"1\"",
         true},
        {"header :mime :anychild :contenttype :count \"eq\" :comparator \"i;ascii-numeric\" "
         "[\"content-type\", \"x-part\"] \"7\"",
         true},
        {"exists :mime :anychild [\"x-part\", \"content-disposition\"]", true},
        {"exists :mime \"x-part\"", false},
        {"exists :mime :anychild [\"x-part\", \"x-none\"]", false},
        {"address :mime :anychild \"from\" \"inner@example.net\"", true},
        {"address :mime \"from\" \"inner@example.net\"", false},
        {"address :mime :domain \"from\" \"example.com\"", true},
    }));
    INFO(c.test);
    CHECK((said("if " + c.test + " { debug_log \"true\"; }") == "true") == c.truth);
}

TEST_CASE("in a loop :anychild stays inside its part; what a script adds to the header is seen") {
    CHECK(said("foreverypart {\n"
               "  if header :mime :contenttype :matches \"content-type\" \"multipart/a*\" {\n"
               "    if exists :mime :anychild \"content-disposition\" { debug_log \"wrong\"; }\n"
               "    if header :mime :anychild \"x-part\" \"p2\" { debug_log \"right\"; }\n"
               "  }\n"
               "}\n") == "right");
    CHECK(said("addheader \"X-New\" \"yes\";\nforeverypart {\n"
               "  if header :mime \"x-new\" \"yes\" { debug_log \"root\"; }\n}\n") == "root");
}

TEST_CASE("loops over thousands of parts stay within the budget") {
    std::string text = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 5000; ++i)
        text += "--b\nX: y\n\n\n";
    CHECK(said("foreverypart { foreverypart { if header :mime \"x\" \"z\" { debug_log \"wrong\"; } "
               "} }\ndebug_log \"done\";",
               text) == "done");
}
