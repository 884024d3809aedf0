// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <catch2/catch.hpp>

TEST_CASE("splitting keeps empty pieces, words never have them") {
    using Pieces = std::vector<std::string_view>;
    CHECK(base::split(",a,", ',') == Pieces{"", "a", ""});
    CHECK(base::split("", ',') == Pieces{""});
    CHECK(base::words("  a\t b ") == Pieces{"a", "b"});
    CHECK(base::words("").empty());
}

TEST_CASE("a number is the whole text or nothing") {
    CHECK(base::parse_number<unsigned>("42") == 42u);
    CHECK(base::parse_number<unsigned>("ff", 16) == 255u);
    for (std::string_view bad : {"", "4 ", "-1", "99999999999", "x"}) {
        CAPTURE(bad);
        CHECK(!base::parse_number<unsigned>(bad));
    }
}

TEST_CASE("text for the log has no control characters and ends on a whole character") {
    CHECK(base::printable("a\nb\x7f") == "a?b?");
    CHECK(base::printable("abc\xc3\xa9", 4) == "abc...");
    CHECK(base::printable("abc\xc3\xa9", 5) == "abc\xc3\xa9");
}

TEST_CASE("trimming and comparing know ASCII only") {
    CHECK(base::trim(" \t a b\r\n") == "a b");
    CHECK(base::iequals("FooBar", "fOObAR"));
    CHECK(!base::iequals("\xc3\x89", "\xc3\xa9"));
    CHECK(base::istarts_with("Re: x", "re:"));
}
