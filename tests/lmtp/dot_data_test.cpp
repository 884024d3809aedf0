// SPDX-License-Identifier: MIT
#include "lmtp/dot_data.h"

namespace {

struct Case {
    std::string name;
    std::string input;
    std::string message;
    std::string rest;  // what follows the end; "-" where there is no end
};

const std::string crlf = "\r\n";

std::vector<Case> cases() {
    return {
        {"an empty message", ".\r\n", "", ""},
        {"a line and the end", "a\r\n.\r\n", "a\r\n", ""},
        {"what follows is left alone", "a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n"},
        {"a stuffed dot", "..\r\n.\r\n", ".\r\n", ""},
        {"two stuffed dots", "...a\r\n..b\r\n.\r\n", "..a\r\n.b\r\n", ""},
        {"a dot that was not stuffed is dropped", ".a\r\n.\r\n", "a\r\n", ""},
        {"dots inside a line stay", "a.\r\na..b\r\n.\r\n", "a.\r\na..b\r\n", ""},
        {"a bare LF starts no line (no smuggling)", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", ""},
        {"LF dot LF ends nothing", "a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", ""},
        {"CRLF dot LF ends nothing", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", ""},
        {"a bare CR starts no line", "a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", ""},
        {"CRLF dot CR and no LF", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", ""},
        {"CRLF dot CR CRLF is no end", ".\r\r\n.\r\n", "\r\r\n", ""},
        {"CR CRLF dot CRLF", "a\r\r\n.\r\n", "a\r\r\n", ""},
        {"NUL and 8-bit bytes stay", std::string("\0\xff\r\n.\r\n", 7),
         std::string("\0\xff\r\n", 4), ""},
        {"no end yet", "a\r\n.", "a\r\n", "-"},
        {"no end yet, one short", "a\r\n.\r", "a\r\n", "-"},
    };
}

// Feeds the pieces one after the other; what is not consumed comes again with the next.
struct Decoded {
    std::string message;
    std::string rest = "-";
};

Decoded decode(const std::vector<std::string>& pieces) {
    lmtp::DotData dots;
    Decoded decoded;
    bool ended = false;
    for (std::string_view bytes : pieces) {
        while (!bytes.empty() && !ended) {
            lmtp::DotData::Piece piece = dots.next(bytes);
            REQUIRE((piece.consumed > 0 || !piece.text.empty()));
            decoded.message += piece.text;
            bytes.remove_prefix(piece.consumed);
            ended = piece.ended;
            if (ended) decoded.rest.clear();
        }
        if (ended) decoded.rest += bytes;
    }
    return decoded;
}

}  // namespace

TEST_CASE("dots are taken out and the end is found, wherever the bytes are cut") {
    for (const Case& c : cases()) {
        CAPTURE(c.name);
        Decoded whole = decode({c.input});
        CHECK(whole.message == c.message);
        CHECK(whole.rest == c.rest);
        std::vector<std::string> bytes;
        for (char byte : c.input)
            bytes.emplace_back(1, byte);
        CHECK(decode(bytes).message == c.message);
        CHECK(decode(bytes).rest == c.rest);
        for (std::size_t cut = 1; cut < c.input.size(); ++cut) {
            CAPTURE(cut);
            Decoded halves = decode({c.input.substr(0, cut), c.input.substr(cut)});
            CHECK(halves.message == c.message);
            CHECK(halves.rest == c.rest);
        }
    }
}

TEST_CASE("pieces point into the input: nothing is copied") {
    lmtp::DotData dots;
    const std::string input = "a\r\nb\r\nc\r\n";
    lmtp::DotData::Piece piece = dots.next(input);
    CHECK(piece.text.data() == input.data());
    CHECK(piece.text == input);
}
