// SPDX-License-Identifier: MIT
#include "mail/mime.h"

#include "mail/message.h"

#include <catch2/catch.hpp>

namespace {

// A line a part, indented by depth: type, and the body's bytes of leaves with "\n" written out.
std::string dump(const std::string& message) {
    std::string text;
    const mail::Structure structure = mail::parse_structure(message);
    for (const mail::Part& part : structure.parts) {
        text += std::string(part.depth, ' ') + part.content_type();
        if (part.kind == mail::PartKind::leaf) {
            text += " [";
            for (char c : mail::part_body(message, part))
                text += c == '\n' ? "\\n" : c == '\r' ? "\\r" : std::string(1, c);
            text += "]";
        }
        text += "\n";
    }
    return text;
}

const std::string rfc2049 =
    "MIME-Version: 1.0\n"
    "From: Nathaniel Borenstein <nsb@nsb.fv.com>\n"
    "Subject: A multipart example\n"
    "Content-Type: multipart/mixed;\n"
    "              boundary=unique-boundary-1\n"
    "\n"
    "This is the preamble area of a multipart message.\n"
    "\n"
    "--unique-boundary-1\n"
    "\n"
    "  ... Some text appears here ...\n"
    "\n"
    "--unique-boundary-1\n"
    "Content-type: text/plain; charset=US-ASCII\n"
    "\n"
    "This could have been part of the previous part.\n"
    "\n"
    "--unique-boundary-1\n"
    "Content-Type: multipart/parallel; boundary=unique-boundary-2\n"
    "\n"
    "--unique-boundary-2\n"
    "Content-Type: audio/basic\n"
    "Content-Transfer-Encoding: base64\n"
    "\n"
    "Zm9v\n"
    "--unique-boundary-2\n"
    "Content-Type: image/jpeg\n"
    "Content-Transfer-Encoding: base64\n"
    "\n"
    "YmFy\n"
    "--unique-boundary-2--\n"
    "\n"
    "--unique-boundary-1\n"
    "Content-type: text/enriched\n"
    "\n"
    "This is <bold>enriched.</bold>\n"
    "\n"
    "--unique-boundary-1\n"
    "Content-Type: message/rfc822\n"
    "\n"
    "From: (mailbox in US-ASCII)\n"
    "Content-Type: Text/plain; charset=ISO-8859-1\n"
    "Content-Transfer-Encoding: Quoted-printable\n"
    "\n"
    "=E4\n"
    "--unique-boundary-1--\n"
    "epilogue\n";

}  // namespace

TEST_CASE("the structure of a message is found") {
    struct Case {
        std::string name;
        std::string message;
        std::string parts;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 2049 A", rfc2049,
         "multipart/mixed\n"
         " text/plain [  ... Some text appears here ...\\n]\n"
         " text/plain [This could have been part of the previous part.\\n]\n"
         " multipart/parallel\n"
         "  audio/basic [Zm9v]\n"
         "  image/jpeg [YmFy]\n"
         " text/enriched [This is <bold>enriched.</bold>\\n]\n"
         " message/rfc822\n"
         "  text/plain [=E4]\n"},
        {"RFC 2045 §5.2 default", "Subject: x\n\nbody\n", "text/plain [body\\n]\n"},
        {"RFC 2045 §5.2 broken type", "Content-Type: foo\n\nx", "text/plain [x]\n"},
        {"no header", "\nbody", "text/plain [body]\n"},
        {"nothing", "", "text/plain []\n"},
        {"RFC 2046 §5.1.1 CRLF",
         "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
         "multipart/mixed\n text/plain [x]\n"},
        {"RFC 2046 §5.1.1 line end kept",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n\n--b--",
         "multipart/mixed\n text/plain [x\\n]\n"},
        {"RFC 2046 §5.1.1 padding after the boundary",
         "Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\nx\n--b-- \n",
         "multipart/mixed\n text/plain [x]\n"},
        {"RFC 2046 §5.1.2 an outer boundary ends inner parts",
         "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; "
         "boundary=i\n\n--i\n\nx\n--o\n\ny\n--o--\n",
         "multipart/mixed\n multipart/mixed\n  text/plain [x]\n text/plain [y]\n"},
        {"RFC 2046 §5.1.5 digest",
         "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n",
         "multipart/digest\n message/rfc822\n  text/plain [y]\n"},
        {"a boundary that begins with another",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; "
         "boundary=bb\n\n--bb\n\nx\n--bb--\n--b\n\ny\n--b--\n",
         "multipart/mixed\n multipart/mixed\n  text/plain [x]\n text/plain [y]\n"},
        {"no boundary", "Content-Type: multipart/mixed\n\n--\nx\n", "multipart/mixed\n"},
        {"boundary never met", "Content-Type: multipart/mixed; boundary=b\n\nx\n",
         "multipart/mixed\n"},
        {"no end", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n",
         "multipart/mixed\n text/plain [x\\n]\n"},
        {"empty parts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\n--b--\n",
         "multipart/mixed\n text/plain []\n text/plain []\n"},
        {"header without empty line",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
         "text/html\n--b\nA: b\n\n--b--\n",
         "multipart/mixed\n text/html []\n text/plain []\n"},
        {"the same boundary inside",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
         "multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n",
         "multipart/mixed\n multipart/mixed\n  text/plain [x]\n"},
        {"message in message in message",
         "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nA: b\n\nx",
         "message/rfc822\n message/rfc822\n  text/plain [x]\n"},
        {"RFC 6532 §3.7 message/global in base64 is a leaf",
         "Content-Type: message/global\nContent-Transfer-Encoding: base64\n\nQTog",
         "message/global [QTog]\n"},
        {"text after the end is no part",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b\n\ny\n",
         "multipart/mixed\n text/plain [x]\n"},
        {"dashes in text",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n-- \nsig\n--\n--b--",
         "multipart/mixed\n text/plain [-- \\nsig\\n--]\n"},
    }));
    CAPTURE(row.name);
    CHECK(dump(row.message) == row.parts);
}

TEST_CASE("parts lie within each other and in order") {
    const mail::Structure structure = mail::parse_structure(rfc2049);
    REQUIRE(structure.parts.size() == 9);
    CHECK(structure.parts[0].children == 5);
    for (std::size_t i = 1; i < structure.parts.size(); ++i) {
        const mail::Part& part = structure.parts[i];
        const mail::Part& parent = structure.parts[part.parent];
        CAPTURE(i);
        CHECK(part.parent < i);
        CHECK(part.depth == parent.depth + 1);
        CHECK(part.begin >= parent.body);
        CHECK(part.end <= parent.end);
    }
}

TEST_CASE("a boundary with a line end divides nothing") {
    const std::string boundary = GENERATE(as<std::string>{}, "a%0Ab", "a%0D%0Ab");
    const mail::Structure structure =
        mail::parse_structure("Content-Type: multipart/mixed; boundary*=utf-8''" + boundary +
                              "\n\n--a\nb\n\nx\n--a\nb--\n--a\r\nb\n\nx\n--a\r\nb--\n");
    CHECK(structure.parts.size() == 1);
}

TEST_CASE("content is what RFC 5173 matches") {
    const mail::Structure structure = mail::parse_structure(rfc2049);
    struct Case {
        std::string name;
        std::size_t part;
        std::vector<std::string> content;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5173 §5.2 multipart, two strings",
         0,
         {"This is the preamble area of a multipart message.\n", "epilogue\n"}},
        {"RFC 5173 §5.2 text", 1, {"  ... Some text appears here ...\n"}},
        {"RFC 5173 §5.2 other leaf decoded", 4, {"foo"}},
        {"RFC 5173 §5.2 message",
         7,
         {"From: (mailbox in US-ASCII)\nContent-Type: Text/plain; charset=ISO-8859-1\n"
          "Content-Transfer-Encoding: Quoted-printable\n"}},
        {"RFC 5173 §5.2 charset", 8, {"\xc3\xa4"}},
    }));
    CAPTURE(row.name);
    CHECK(mail::matched_content(rfc2049, structure.parts[row.part]) == row.content);
}

TEST_CASE("a part in an unknown encoding matches nothing") {
    const std::string bytes = "Content-Transfer-Encoding: x-none\n\ntext\n";
    const mail::Structure structure = mail::parse_structure(bytes);
    CHECK(mail::matched_content(bytes, structure.parts[0]) == std::vector<std::string>{""});
    CHECK(mail::readable_text(bytes, structure.parts[0]) == "");
}

TEST_CASE("readable text is text only") {
    const std::string html = "Content-Type: text/html; charset=iso-8859-1\n\n<p>\xe4&amp;<br>b</p>";
    const mail::Structure structure = mail::parse_structure(html);
    CHECK(mail::readable_text(html, structure.parts[0]) == "\xc3\xa4& b");
    const mail::Structure other = mail::parse_structure(rfc2049);
    CHECK(!mail::readable_text(rfc2049, other.parts[0]));
    CHECK(!mail::readable_text(rfc2049, other.parts[4]));
    CHECK(mail::readable_text(rfc2049, other.parts[8]) == "\xc3\xa4");
}

TEST_CASE("a message finds its parts when asked") {
    mail::Message message(rfc2049);
    CHECK(message.structure().parts.size() == 9);
    CHECK(&message.structure() == &message.structure());
}

TEST_CASE("fields with parameters are read") {
    struct Case {
        std::string name;
        std::string value;
        std::string read;  // value;name=value;...
    };
    auto row = GENERATE(values<Case>({
        {"RFC 2045 §5.1", " text/plain; charset=us-ascii (Plain text)",
         "text/plain;charset=us-ascii"},
        {"RFC 2045 §5.1 quoted", "text/plain; charset=\"us-ascii\"", "text/plain;charset=us-ascii"},
        {"RFC 2045 §5.1 case and spaces", "Text / HTML ;\n\tCharset = UTF-8",
         "text/html;charset=UTF-8"},
        {"RFC 2045 §5.1 comments", "(a)text(b)/(c)plain(d);(e)a(f)=(g)b", "text/plain;a=b"},
        {"RFC 2045 §5.1 escapes", "a/b; c=\"x\\\"y;z\"; d=1", "a/b;c=x\"y;z;d=1"},
        {"RFC 2231 §3",
         "message/external-body; access-type=URL;\n URL*0=\"ftp://\";\n "
         "URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\"",
         "message/external-body;access-type=URL;"
         "url=ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"},
        {"RFC 2231 §4",
         "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
         "application/x-stuff;title=This is ***fun***"},
        {"RFC 2231 §4.1",
         "application/x-stuff;\n title*0*=us-ascii'en'This%20is%20even%20more%20;\n "
         "title*1*=%2A%2A%2Afun%2A%2A%2A%20;\n title*2=\"isn't it!\"",
         "application/x-stuff;title=This is even more ***fun*** isn't it!"},
        {"RFC 2231 §3 out of order", "a/b; c*1=y; c*0=x", "a/b;c=xy"},
        {"RFC 2231 §3 a gap", "a/b; c*0=x; c*2=z", "a/b;c=x"},
        {"RFC 2231 §3 twice the same", "a/b; c*0=x; c*0=y; c*1=z", "a/b;c=xz"},
        {"RFC 2231 §3 no first piece", "a/b; c*1=y; c=p", "a/b;c=p"},
        {"RFC 2231 §4 charset", "a/b; c*=iso-8859-1''%e4", "a/b;c=\xc3\xa4"},
        {"RFC 2231 §4 no charset", "a/b; c*=%c3%a4", "a/b;c=\xc3\xa4"},
        {"RFC 2231 beside the plain form", "a/b; c=plain; c*=utf-8''ext", "a/b;c=ext"},
        {"RFC 2231 broken percent", "a/b; c*=utf-8''%4%zz%", "a/b;c=%4%zz%"},
        {"RFC 2047 §5 encoded word in a value", "a/b; c=\"=?utf-8?q?=C3=A4?=\"", "a/b;c=\xc3\xa4"},
        {"twins", "a/b; c=1; C=2", "a/b;c=1"},
        {"no value", "a/b; c; d=1", "a/b;d=1"},
        {"empty value", "a/b; c=; d=\"\"", "a/b;c=;d="},
        {"no semicolon", "text/plain charset=utf-8", "text/plain;charset=utf-8"},
        {"a file name with spaces", "attachment; filename=my file (1).pdf; x=1",
         "attachment;filename=my file;x=1"},
        {"a file name with a comment's look", "attachment; filename=my(1).pdf",
         "attachment;filename=my(1).pdf"},
        {"words after a value", "a/b; c=x y", "a/b;c=x"},
        {"open quote", "a/b; c=\"x; d=1", "a/b;c=x; d=1"},
        {"open comment", "a/b (c; d=1", "a/b"},
        {"semicolons in a row", "a/b;; ;c=1;", "a/b;c=1"},
        {"nothing", "", ""},
        {"only parameters", "; c=1", ";c=1"},
        {"8-bit", "a/b; c=\"\xc3\xa4\xff\"", "a/b;c=\xc3\xa4\xef\xbf\xbd"},
    }));
    CAPTURE(row.name);
    const mail::ParameterField field = mail::parse_parameter_field(row.value);
    std::string read = field.value;
    for (const mail::Parameter& parameter : field.parameters)
        read += ";" + parameter.name + "=" + parameter.value;
    CHECK(read == row.read);
}

TEST_CASE("a content type has a type and a subtype") {
    std::optional<mail::ContentType> type = mail::parse_content_type("Text/HTML; charset=x");
    REQUIRE(type);
    CHECK(type->text() == "text/html");
    REQUIRE(type->parameter("charset") != nullptr);
    CHECK(*type->parameter("charset") == "x");
    CHECK(type->parameter("boundary") == nullptr);
    for (std::string_view bad : {"", "text", "text/", "/plain", "a/b/c", ";"}) {
        CAPTURE(bad);
        CHECK(!mail::parse_content_type(bad));
    }
}

TEST_CASE("transfer encodings have names in any case") {
    using mail::TransferEncoding;
    CHECK(mail::parse_transfer_encoding(" BASE64 ") == TransferEncoding::base64);
    CHECK(mail::parse_transfer_encoding("Quoted-Printable (x)") ==
          TransferEncoding::quoted_printable);
    CHECK(mail::parse_transfer_encoding("8bit;") == TransferEncoding::identity);
    CHECK(mail::parse_transfer_encoding("") == TransferEncoding::identity);
    CHECK(mail::parse_transfer_encoding("x-uuencode") == TransferEncoding::uuencode);
    CHECK(mail::parse_transfer_encoding("x-foo") == TransferEncoding::unknown);
}
