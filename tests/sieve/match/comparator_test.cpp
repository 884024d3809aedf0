// SPDX-License-Identifier: MIT
#include "sieve/match/comparator.h"

#include <catch2/catch.hpp>

using sieve::match::Comparator;

TEST_CASE("comparators order and equate as their collations say (RFC 4790 §9)") {
    struct Case {
        const char* name;
        Comparator comparator;
        std::string_view a;
        std::string_view b;
        int order;
    };
    const auto c = GENERATE(values<Case>({
        {"octets: prefix is less", Comparator::octet, "ab", "abc", -1},
        {"octets: case matters", Comparator::octet, "a", "A", 1},
        {"octets are unsigned", Comparator::octet, "\x7f", "\x80", -1},
        {"octets: empty", Comparator::octet, "", "", 0},
        {"octets: NUL counts", Comparator::octet, std::string_view("a\0b", 3),
         std::string_view("a\0c", 3), -1},
        {"casemap: letters are alike", Comparator::ascii_casemap, "Frop", "fROP", 0},
        {"casemap folds upwards: '_' is after letters", Comparator::ascii_casemap, "_", "z", 1},
        {"casemap leaves other octets alone", Comparator::ascii_casemap, "\xc3\xa9", "\xc3\x89", 1},
        {"casemap: '@' and '`' differ", Comparator::ascii_casemap, "@", "`", -1},
        {"casemap: '{' and '[' differ", Comparator::ascii_casemap, "{", "[", 1},
        {"casemap: shorter first", Comparator::ascii_casemap, "FRO", "frop", -1},
        {"numeric: by number", Comparator::ascii_numeric, "9", "10", -1},
        {"numeric: RFC example 0 < 1", Comparator::ascii_numeric, "0", "1", -1},
        {"numeric: RFC example 1 < 4294967298", Comparator::ascii_numeric, "1", "4294967298", -1},
        {"numeric: leading zero", Comparator::ascii_numeric, "04294967298", "4294967298", 0},
        {"numeric: trailing text", Comparator::ascii_numeric, "4294967298b", "4294967298", 0},
        {"numeric: infinity is empty", Comparator::ascii_numeric, "04294967298", "", -1},
        {"numeric: infinities are equal", Comparator::ascii_numeric, "x", "y", 0},
        {"numeric: a sign is no digit", Comparator::ascii_numeric, "-1", "99999", 1},
        {"numeric: white space is no digit", Comparator::ascii_numeric, " 1", "", 0},
        {"numeric: zeroes", Comparator::ascii_numeric, "000", "0", 0},
        {"numeric: beyond 64 bits", Comparator::ascii_numeric, "100000000000000000000000001",
         "100000000000000000000000000", 1},
        {"unicode: letters are alike", Comparator::unicode_casemap, "Frop", "fROP", 0},
        {"unicode: precomposed ones too", Comparator::unicode_casemap, "\u00e9", "\u00c9", 0},
        {"unicode: decomposed", Comparator::unicode_casemap, "\u00e9", "e\u0301", 0},
        {"unicode: RFC 5051 example", Comparator::unicode_casemap, "\u01c4", "\u01c5", 0},
        {"unicode: RFC 5051 example, its letters", Comparator::unicode_casemap, "\u01c6", "\u01c4",
         0},
        {"unicode: its own title letter only", Comparator::unicode_casemap, "\u01c4", "DZ\u030c",
         1},
        {"unicode: compatibility forms", Comparator::unicode_casemap, "\ufb01", "\uff26\uff29", 1},
        {"unicode: ligature of small letters", Comparator::unicode_casemap, "\ufb01", "\ufb01", 0},
        {"unicode: fullwidth", Comparator::unicode_casemap, "\uff26\uff29", "fi", 0},
        {"unicode: Greek", Comparator::unicode_casemap, "\u03c3", "\u03c2", 0},
        {"unicode: no special casing", Comparator::unicode_casemap, "\u00df", "ss", 1},
        {"unicode: Georgian has no titlecase", Comparator::unicode_casemap, "\u10d0", "\u1c90", -1},
        {"unicode: beyond the basic plane", Comparator::unicode_casemap, "\U00010428", "\U00010400",
         0},
        {"unicode: Hangul by arithmetic", Comparator::unicode_casemap, "\uac01",
         "\u1100\u1161\u11a8", 0},
        {"unicode: the last syllable", Comparator::unicode_casemap, "\ud7a3", "\u1112\u1175\u11c2",
         0},
        {"unicode: what is behind it", Comparator::unicode_casemap, "\ud7a4", "\ud7a4", 0},
        {"unicode: no UTF-8 is octets", Comparator::unicode_casemap, "a\xe9", "A\xe9", 1},
        {"unicode: overlong is no UTF-8", Comparator::unicode_casemap, "a\xc0\x80", "A\xc0\x80", 1},
        {"unicode: order of the prepared text", Comparator::unicode_casemap, "\u00e4z", "b", -1},
        {"unicode: prefix is less", Comparator::unicode_casemap, "e", "\u00c9", -1},
    }));
    CAPTURE(c.name);
    const auto order = sieve::match::order(c.comparator, c.a, c.b);
    CHECK((order < 0 ? -1 : order > 0 ? 1 : 0) == c.order);
    const auto reversed = sieve::match::order(c.comparator, c.b, c.a);
    CHECK((reversed < 0 ? 1 : reversed > 0 ? -1 : 0) == c.order);
    CHECK(sieve::match::equal(c.comparator, c.a, c.b) == (c.order == 0));
}

TEST_CASE("folding maps a-z to A-Z and nothing else, at every offset of a block") {
    std::string out;
    for (int octet = 0; octet < 256; ++octet) {
        for (std::size_t place = 0; place < 17; ++place) {
            std::string text(17, 'q');
            text[place] = static_cast<char>(octet);
            std::string expected(17, 'Q');
            expected[place] = static_cast<char>(octet >= 'a' && octet <= 'z' ? octet - 32 : octet);
            sieve::match::fold_into(text, out);
            REQUIRE(out == expected);
        }
    }
}

TEST_CASE("comparators are known by their exact names") {
    for (const auto comparator : {Comparator::octet, Comparator::ascii_casemap,
                                  Comparator::ascii_numeric, Comparator::unicode_casemap}) {
        CHECK(sieve::match::comparator_named(sieve::match::name_of(comparator)) == comparator);
    }
    CHECK_FALSE(sieve::match::comparator_named("I;OCTET"));
    CHECK_FALSE(sieve::match::comparator_named("i;basic"));
}
