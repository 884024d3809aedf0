// SPDX-License-Identifier: MIT
#include "mail/decode.h"

#include "mail/charset.h"

#include <catch2/catch.hpp>

TEST_CASE("encoded words are decoded") {
    struct Case {
        std::string name;
        std::string text;
        std::string decoded;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 2047 §8 a", "(=?ISO-8859-1?Q?a?=)", "(a)"},
        {"RFC 2047 §8 a b", "(=?ISO-8859-1?Q?a?= b)", "(a b)"},
        {"RFC 2047 §8 ab", "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"},
        {"RFC 2047 §8 ab over a fold", "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)"},
        {"RFC 2047 §8 a b by _", "(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
        {"RFC 2047 §8 a b by a word", "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"},
        {"RFC 2047 §8 Keld", "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
         "Keld J\xc3\xb8rn Simonsen <keld@dkuug.dk>"},
        {"RFC 2047 §8 B",
         "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= "
         "=?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
         "If you can read this you understand the example."},
        {"RFC 2047 §8 Hebrew", "=?iso-8859-8?b?7eXs+SDv4SDs6Ofv?=",
         "\xd7\x9d\xd7\x95\xd7\x9c\xd7\xa9 \xd7\x9f\xd7\x91 \xd7\x9c\xd7\x98\xd7\x97\xd7\x9f"},
        {"RFC 2231 §5 language", "=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"},
        {"inside a word", "x=?utf-8?q?a?=y", "xay"},
        {"in quotes", "\"=?utf-8?q?a_b?=\"", "\"a b\""},
        {"with spaces inside", "=?utf-8?q?a b?=", "a b"},
        {"side by side", "=?utf-8?q?a?==?utf-8?q?b?=", "ab"},
        {"a character split over words", "=?utf-8?b?ww==?= =?utf-8?q?=A4?=", "\xc3\xa4"},
        {"base64 without padding", "=?utf-8?b?w6Q?=", "\xc3\xa4"},
        {"unknown encoding stays", "=?utf-8?x?a?= b", "=?utf-8?x?a?= b"},
        {"unknown charset is UTF-8", "=?nosuch?q?=C3=A4=e4?=", "\xc3\xa4\xef\xbf\xbd"},
        {"empty text", "=?utf-8?q?\?= x", " x"},
        {"broken = stays", "=?utf-8?q?a=?= =?utf-8?q?=G1?=", "a==G1"},
        {"no end", "=?utf-8?q?abc", "=?utf-8?q?abc"},
        {"no charset", "=??q?abc?=", "=??q?abc?="},
        {"second begin counts", "=?=?utf-8?q?a?=", "=?a"},
        {"8-bit outside is repaired", "\xe4 \xc3\xa4", "\xef\xbf\xbd \xc3\xa4"},
        {"GB2312 is read as its superset", "=?gb2312?B?xOO6ww==?=", "\xe4\xbd\xa0\xe5\xa5\xbd"},
        {"ISO-2022-JP", "=?ISO-2022-JP?B?GyRCJDMbKEI=?=", "\xe3\x81\x93"},
    }));
    CAPTURE(row.name);
    CHECK(mail::decode_words(row.text) == row.decoded);
}

TEST_CASE("base64 is decoded whatever stands between") {
    struct Case {
        std::string name;
        std::string text;
        std::string decoded;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 4648 §10", "Zm9vYmFy", "foobar"},
        {"RFC 4648 §10 one pad", "Zm9vYmE=", "fooba"},
        {"RFC 4648 §10 two pads", "Zm9vYg==", "foob"},
        {"RFC 2045 §6.8 line ends and strangers", "Zm9v\r\n Ym*Fy\n", "foobar"},
        {"missing padding", "Zm9vYg", "foob"},
        {"two texts joined", "Zm8=Zm8=", "fofo"},
        {"one letter", "Z", ""},
        {"nothing", "====", ""},
    }));
    CAPTURE(row.name);
    CHECK(mail::decode_base64(row.text) == row.decoded);
}

TEST_CASE("quoted-printable is decoded") {
    struct Case {
        std::string name;
        std::string text;
        std::string decoded;
    };
    auto row = GENERATE(values<Case>({
        {"RFC 2045 §6.7 example",
         "Now's the time =\nfor all folk to come=\n to the aid of their country.",
         "Now's the time for all folk to come to the aid of their country."},
        {"rule 1", "=C3=a4=3D", "\xc3\xa4="},
        {"rule 3 white space at a line's end", "a \t\nb \r\nc", "a\nb\r\nc"},
        {"rule 5 CRLF", "a=\r\nb", "ab"},
        {"rule 5 white space after =", "a= \t\r\nb", "ab"},
        {"a broken = stays", "a=zz=4", "a=zz=4"},
        {"= at the end goes", "a=", "a"},
        {"white space before = stays", "a =\nb", "a b"},
        {"8-bit stays", "\xe4", "\xe4"},
    }));
    CAPTURE(row.name);
    CHECK(mail::decode_quoted_printable(row.text) == row.decoded);
}

TEST_CASE("what is encoded decodes to itself") {
    std::string bytes;
    for (int i = 0; i < 700; ++i)
        bytes += static_cast<char>(i);
    const std::string text = "From x\n.\na \nb\t\n" + std::string(200, 'x') + "\n\xc3\xa4=\n";
    CHECK(mail::decode_base64(mail::encode_base64(bytes)) == bytes);
    CHECK(mail::decode_base64(mail::encode_base64_lines(bytes)) == bytes);
    CHECK(mail::decode_quoted_printable(mail::encode_quoted_printable(text)) == text);
    for (const std::string& encoded :
         {mail::encode_base64_lines(bytes), mail::encode_quoted_printable(text)}) {
        std::size_t line = 0;
        for (char c : encoded) {
            line = c == '\n' ? 0 : line + 1;
            REQUIRE(line <= 76);
        }
    }
}

TEST_CASE("uuencoded text is decoded") {
    CHECK(mail::decode_uuencode("hi\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n") == "Cat");
    CHECK(mail::decode_uuencode("no begin") == "no begin");
    CHECK(mail::decode_uuencode("begin 644 x\r\nM0V") == std::string("C`\0", 3));
}

TEST_CASE("charsets are turned to UTF-8") {
    struct Case {
        std::string name;
        std::string charset;
        std::string bytes;
        std::string utf8;
    };
    const std::string utf16("\0a\0\xe4", 4);
    auto row = GENERATE_COPY(values<Case>({
        {"RFC 2046 §4.1.2 ASCII with 8-bit that is UTF-8", "us-ascii", "a\xc3\xa4", "a\xc3\xa4"},
        {"UTF-8 repaired", "UTF-8", "a\xc3z\xe4", "a\xef\xbf\xbdz\xef\xbf\xbd"},
        {"Latin-1", "ISO-8859-1", "\xe4\x80", "\xc3\xa4\xc2\x80"},
        {"Latin-9 by iconv", "iso-8859-15", "\xa4", "\xe2\x82\xac"},
        {"quoted name", "\"windows-1252\"", "\x80", "\xe2\x82\xac"},
        {"invalid bytes in a known charset", "windows-1252", "a\x81z", "a\xef\xbf\xbdz"},
        {"cut off at the end", "gbk", "\xc4\xe3\xba", "\xe4\xbd\xa0\xef\xbf\xbd"},
        {"UTF-16", "utf-16be", utf16, "a\xc3\xa4"},
        {"UTF-7", "utf-7", "+AOQ-", "\xc3\xa4"},
        {"unknown", "nosuch", "a\xc3\xa4", "a\xc3\xa4"},
        {"name with a flag is unknown", "latin2//TRANSLIT", "\xe4", "\xef\xbf\xbd"},
        {"Korean", "ks_c_5601-1987", "\xb0\xa1", "\xea\xb0\x80"},
        {"empty", "", "x", "x"},
    }));
    CAPTURE(row.name);
    CHECK(mail::to_utf8(row.bytes, row.charset) == row.utf8);
}

TEST_CASE("output in UTF-8 ends at its limit on a whole character") {
    for (std::string_view charset : {"utf-8", "iso-8859-1", "iso-8859-15"}) {
        CAPTURE(charset);
        const std::string bytes = charset == "utf-8" ? "a\xc3\xa4\xc3\xa4" : "a\xe4\xe4";
        CHECK(mail::to_utf8(bytes, charset, 5) == "a\xc3\xa4\xc3\xa4");
        CHECK(mail::to_utf8(bytes, charset, 4) == "a\xc3\xa4");
        CHECK(mail::to_utf8(bytes, charset, 0).empty());
    }
}

TEST_CASE("UTF-8 is checked by the letter of RFC 3629 §4") {
    for (std::string_view good : {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                  "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        CAPTURE(good);
        CHECK(mail::is_utf8(good));
        CHECK(mail::repair_utf8(good) == good);
    }
    for (std::string_view bad :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5", "\xc3", "\xe2\x82"}) {
        CAPTURE(bad);
        CHECK(!mail::is_utf8(bad));
        CHECK(mail::is_utf8(mail::repair_utf8(bad)));
    }
}
