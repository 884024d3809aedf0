// SPDX-License-Identifier: MIT
#include "mail/line_form.h"

#include "mail/decode.h"

#include <catch2/catch.hpp>

namespace {

std::string lined(std::string_view message) {
    std::string all;
    mail::line_form(message, [&](std::string_view piece) { all += piece; });
    return all;
}

const std::string octets("\0\r\n\xff\n.\r\r\n\x01", 10);

}  // namespace

TEST_CASE("a message without a part labelled binary stays as it is (RFC 3030 §3)") {
    for (std::string text :
         {std::string("Subject: x\r\n\r\nbody\r\n"), "a: b\n\n" + octets,
          std::string("Content-Transfer-Encoding: 8bit\r\n\r\n\xc3\xa9\r\n"), std::string("")})
        CHECK(lined(text) == text);
}

TEST_CASE("binary text in lines becomes 8bit") {
    CHECK(lined("Content-Transfer-Encoding: BINARY \r\n\r\nline\r\n\xc3\xa9\r\n") ==
          "Content-Transfer-Encoding: 8bit \r\n\r\nline\r\n\xc3\xa9\r\n");
    const std::string head = "Content-Transfer-Encoding: ", longest(998, 'x');
    CHECK(lined(head + "binary\r\n\r\n" + longest + "\r\n") ==
          head + "8bit\r\n\r\n" + longest + "\r\n");
    CHECK(lined(head + "binary\r\n\r\n" + longest + "x\r\n").starts_with(head + "base64\r\n\r\n"));
}

TEST_CASE("a binary body becomes base64 of the same octets") {
    std::string body;
    for (int i = 0; i < 20'000; ++i)
        body += octets;
    const std::string text = lined("Content-Transfer-Encoding: binary\r\n\r\n" + body);
    const std::string head = "Content-Transfer-Encoding: base64\r\n\r\n";
    REQUIRE(text.starts_with(head));
    CHECK(text.ends_with("\r\n"));
    CHECK(mail::decode_base64(text.substr(head.size())) == body);
}

TEST_CASE("binary parts of a multipart become base64, their container 8bit, the rest stays") {
    const std::string before =
        "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: ";
    const std::string middle =
        "\r\n\r\nprologue\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\n"
        "Content-Transfer-Encoding: ";
    const std::string after = "\r\n--b--\r\nepilogue\r\n";
    CHECK(lined(before + "binary" + middle + "binary\r\n\r\n" + octets + after) ==
          before + "8bit" + middle + "base64\r\n\r\n" + mail::encode_base64(octets) + after);
}
