// SPDX-License-Identifier: MIT
#include "mail/compose.h"

#include "mail/address.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/mime.h"

#include <catch2/catch.hpp>

namespace {

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    std::size_t line = 0;
    for (char c : text) {
        line = c == '\n' ? 0 : line + 1;
        longest = std::max(longest, line);
    }
    return longest;
}

mail::Mailbox mailbox(std::string name, std::string local, std::string domain) {
    mail::Mailbox made;
    made.display_name = std::move(name);
    made.local_part = std::move(local);
    made.domain = std::move(domain);
    return made;
}

}  // namespace

TEST_CASE("fields are folded at white space") {
    CHECK(mail::header_field("A", "b") == "A: b\n");
    CHECK(mail::header_field("A", "") == "A:\n");
    CHECK(mail::header_field("A", " a\r\nB: c\n") == "A: a  B: c\n");
    CHECK(mail::header_field("A", std::string("x\0y", 3)) == "A: x y\n");
    std::string words;
    for (int i = 0; i < 100; ++i)
        words += (i == 0 ? "word" : i % 3 == 0 ? "  word" : " word") + std::to_string(i);
    const std::string field = mail::header_field("References", words);
    CHECK(longest_line(field) <= 78);
    CHECK(mail::unfold(mail::HeaderBlock(field).field(0).value) == words);
    // What has no white space stays whole.
    CHECK(mail::header_field("A", std::string(200, 'x')) == "A: " + std::string(200, 'x') + "\n");
}

TEST_CASE("text in fields survives encoding and decoding") {
    const std::string text =
        GENERATE(as<std::string>{}, "plain",
                 "Gr\xc3\xbc\xc3\x9f"
                 "e an alle",
                 "a =?utf-8?q?b?= c", "\xe2\x82\xac", std::string(300, 'x'),
                 std::string(1200, 'y').append(" z"), "a  \xc3\xa4  b  \xc3\xb6 c",
                 "tab\there \xc3\xa4", "_=? \xf0\x9f\x98\x80", "a\x01z");
    CAPTURE(text);
    std::string long_text;
    for (int i = 0; i < 20; ++i)
        long_text += text + (i < 19 ? " " : "");
    for (const std::string& sent : {text, long_text}) {
        const std::string field = mail::text_field("Subject", sent);
        CHECK(mail::is_ascii(field));
        CHECK(longest_line(field) <= 998);
        CHECK(mail::decode_value(mail::HeaderBlock(field).field(0).value) == sent);
    }
}

TEST_CASE("only the words that need it are encoded") {
    CHECK(mail::encode_words("Auto: Gr\xc3\xbc\xc3\x9f"
                             "e an alle") == "Auto: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle");
    CHECK(mail::encode_words("\xe4") == "=?utf-8?q?=EF=BF=BD?=");
}

TEST_CASE("addresses are written so that they are read again") {
    CHECK(mail::mailbox_text(mailbox("", "a", "b")) == "a@b");
    CHECK(mail::mailbox_text(mailbox("Foo Bar", "a", "b")) == "Foo Bar <a@b>");
    CHECK(mail::mailbox_text(mailbox("J. Foo", "a b", "c")) == "\"J. Foo\" <\"a b\"@c>");
    CHECK(mail::mailbox_text(mailbox("a \"b\" \\", "a", "b")) == "\"a \\\"b\\\" \\\\\" <a@b>");
    CHECK(mail::mailbox_text(mailbox("J\xc3\xb6, X", "a", "b")) ==
          "=?utf-8?q?J=C3=B6=2C_X?= <a@b>");
    std::vector<mail::Mailbox> sent;
    for (int i = 0; i < 30; ++i)
        sent.push_back(
            mailbox("N\xc3\xa4me, " + std::to_string(i), "user" + std::to_string(i), "x.org"));
    const std::string field = mail::address_field("To", sent);
    CHECK(longest_line(field) <= 78);
    const mail::AddressList read =
        mail::parse_address_list(mail::HeaderBlock(field).field(0).value);
    REQUIRE(read.mailboxes.size() == sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
        CHECK(read.mailboxes[i].display_name == sent[i].display_name);
        CHECK(read.mailboxes[i].address() == sent[i].address());
    }
}

TEST_CASE("parameters are written so that they are read again") {
    CHECK(mail::parameter_text("charset", "utf-8") == "charset=utf-8");
    CHECK(mail::parameter_text("filename", "a \"b\"") == "filename=\"a \\\"b\\\"\"");
    CHECK(mail::parameter_text("filename", "\xc3\xa4.pdf") == "filename*=utf-8''%C3%A4.pdf");
    std::string name;
    for (int i = 0; i < 100; ++i)
        name += i % 3 == 0 ? "\xc3\xa4" : "x";
    for (const std::string& value : {name, std::string(1000, 'z'), std::string()}) {
        const std::string text = mail::parameter_text("filename", value);
        const mail::ParameterField field = mail::parse_parameter_field("attachment; " + text);
        REQUIRE(field.parameter("filename") != nullptr);
        CHECK(*field.parameter("filename") == value);
    }
}

TEST_CASE("a multipart is split where it was joined") {
    const std::vector<std::string> parts = {"\nfoo", "Content-Type: text/html\n\nbar\n",
                                            "\n--b\nx"};
    const std::string boundary = mail::free_boundary("b", parts);
    CHECK(boundary != "b");
    const std::string text = "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n" +
                             mail::multipart_body(boundary, "hi", parts);
    const mail::Structure structure = mail::parse_structure(text);
    REQUIRE(structure.parts.size() == 4);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(mail::part_bytes(text, structure.parts[i + 1]) == parts[i]);
}

TEST_CASE("line ends become CRLF once") {
    CHECK(mail::with_crlf("a\nb\r\nc\r\r\n\n") == "a\r\nb\r\nc\r\r\n\r\n");
    CHECK(mail::with_crlf("") == "");
    CHECK(mail::with_crlf("a") == "a");
}
