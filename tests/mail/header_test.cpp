// SPDX-License-Identifier: MIT
#include "mail/header.h"

#include "mail/header_edit.h"
#include "mail/message.h"

#include <catch2/catch.hpp>

using mail::HeaderBlock;

namespace {

std::vector<std::string> dump(const HeaderBlock& block) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < block.size(); ++i)
        fields.push_back(std::string(block.field(i).name) + "|" +
                         std::string(block.field(i).value));
    return fields;
}

}  // namespace

TEST_CASE("a header block is split into fields") {
    struct Case {
        std::string name;
        std::string text;
        std::vector<std::string> fields;
        std::size_t body;
    };
    const std::string nul("A: x\0y\n\n", 8);
    auto row = GENERATE_COPY(values<Case>({
        {"RFC 5322 §2.2 two fields", "A: 1\nB: 2\n\nbody", {"A| 1", "B| 2"}, 11},
        {"RFC 5322 §2.2 CRLF", "A: 1\r\nB: 2\r\n\r\nbody", {"A| 1", "B| 2"}, 14},
        {"RFC 5322 §2.2.3 folded", "A: 1\n\t2\n 3\nB:\n\n", {"A| 1\n\t2\n 3", "B|"}, 15},
        {"RFC 5322 §2.2.3 folded with CRLF", "A: 1\r\n 2\r\n\r\n", {"A| 1\r\n 2"}, 12},
        {"RFC 5322 §4.2 white line inside a field goes on", "A: 1\n \n 2\n\n", {"A| 1\n \n 2"}, 11},
        {"RFC 5322 §4.5.8 white space before the colon", "A \t: 1\n\n", {"A| 1"}, 8},
        {"RFC 6532 8-bit value", "A: \xc3\xa4\xff\n\n", {"A| \xc3\xa4\xff"}, 8},
        {"a NUL is kept", nul, {std::string("A| x\0y", 6)}, 8},
        {"no body", "A: 1\n", {"A| 1"}, 5},
        {"no last line end", "A: 1", {"A| 1"}, 4},
        {"no header", "\nbody", {}, 1},
        {"no header with CRLF", "\r\nbody", {}, 2},
        {"nothing", "", {}, 0},
        {"a line without colon is no field", "From x\nA: 1\n\n", {"|From x", "A| 1"}, 13},
        {"a continuation first is no field", " x\nA: 1\n\n", {"| x", "A| 1"}, 9},
        {"a colon in a later line does not count", "x\n y: z\n\n", {"|x\n y: z"}, 9},
        {"a lone CR ends no line", "A: 1\rB: 2\n\n", {"A| 1\rB: 2"}, 11},
        {"CR before the end of the text", "A: 1\r", {"A| 1\r"}, 5},
    }));
    CAPTURE(row.name);
    HeaderBlock block(row.text);
    CHECK(dump(block) == row.fields);
    CHECK(block.body_offset() == row.body);
    CHECK(!block.truncated());
}

TEST_CASE("the fields and the rest put together are the message") {
    const std::string text = "A: 1\r\n x\r\nB: 2\nbroken\n: c\n\r\nbody\n";
    HeaderBlock block(text);
    std::string joined;
    for (std::size_t i = 0; i < block.size(); ++i)
        joined += text.substr(block.field(i).offset, block.field(i).size);
    CHECK(joined == text.substr(0, block.header_bytes()));
    CHECK(text.substr(block.header_bytes(), block.body_offset() - block.header_bytes()) == "\r\n");
}

TEST_CASE("fields are found by name in any case, in order") {
    const std::string text =
        "Received: a\nsubject: s\nRECEIVED: b\nBad Name: x\nX: y\nreceived: c\n";
    HeaderBlock block(text);
    std::string found;
    for (const mail::Field& field : block.find("Received"))
        found += field.value;
    CHECK(found == " a b c");
    CHECK(block.first("received") == " a");
    CHECK(block.last("rEceived") == " c");
    CHECK(block.has("Subject"));
    for (std::string_view absent : {"Bad Name", "", "Sub", "Subjects", "X:", "Nosuch"}) {
        CAPTURE(absent);
        CHECK(!block.has(absent));
        CHECK(!block.first(absent));
    }
    CHECK(!HeaderBlock().has("X"));
}

TEST_CASE("values are unfolded and trimmed") {
    struct Case {
        std::string name;
        std::string value;
        std::string unfolded;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 5322 §2.2.3", " a\n  b\r\n c ", "a  b c"},
        {"a TAB after the fold", "a\n\tb", "a b"},
        {"a TAB inside stays", "a\tb", "a\tb"},
        {"white lines", "a\n \n b", "a  b"},
        {"nothing", " \n ", ""},
    }));
    CAPTURE(row.name);
    CHECK(mail::unfold(row.value) == row.unfolded);
}

TEST_CASE("a message has header and body") {
    const std::string text = "A: 1\n\nb\n";
    mail::Message message(text);
    CHECK(message.header_bytes() == "A: 1\n");
    CHECK(message.body() == "b\n");
    mail::Message no_body("A: 1\n");
    CHECK(no_body.body().empty());
}

TEST_CASE("an edited header leaves all that was not touched as it was") {
    const std::string bytes = "A: 1\r\n 2\r\nno field\r\nB: x\r\nA: 3\r\na : 4";
    const mail::HeaderBlock block(bytes);
    mail::HeaderEditor editor(block, bytes);
    const std::size_t gone[] = {1};
    editor.remove("a", gone);
    editor.add_first("C", "C: first\n\tfolded\n");
    editor.add_last("C", "C: last\n");
    CHECK(editor.text() ==
          "C: first\r\n\tfolded\r\nA: 1\r\n 2\r\nno field\r\nB: x\r\na : 4\r\nC: last\r\n");
    const std::size_t both[] = {0, 1};
    editor.remove("c", both);
    editor.remove("A", both);
    editor.remove("none", both);
    CHECK(editor.text() == "no field\r\nB: x\r\n");
}
