// SPDX-License-Identifier: MIT
#include "sieve/match/regex_literal.h"

#include <catch2/catch.hpp>

using sieve::match::Comparator;
using sieve::match::required_literal;

TEST_CASE("the longest run that every match has") {
    struct Case {
        const char* pattern;
        const char* wanted;
    };
    const auto c = GENERATE(values<Case>({
        {"plain", "plain"},
        {"ab.*cde", "cde"},
        {"colou?r", "colo"},
        {"ab+cd", "cd"},
        {"ab{0,3}c", "a"},
        {"a|b", ""},
        {"(a|bcd)ef", "ef"},
        {"(abc)?d", "d"},
        {"x\\.y", "x.y"},
        {"[abc]de", "de"},
        {"[^]a]bc", "bc"},
        {"[[:alpha:]]]x", "]x"},
        {"[a\\]b]c", ""},
        {"\\bword\\b", "word"},
        {"\\x41bc", ""},
        {"a{b|c}", ""},
        {"a{2", ""},
        {"^ab$", "ab"},
        {"", ""},
        {"stra\xc3\x9f?e", "stra"},
        {"a\\", ""},
        {"[", ""},
    }));
    CAPTURE(c.pattern);
    CHECK(required_literal(c.pattern, Comparator::octet) == c.wanted);
}

TEST_CASE("case-blind, letters that have more than two forms are left out") {
    CHECK(required_literal("basket", Comparator::ascii_casemap) == "ba");
    CHECK(required_literal("basket", Comparator::octet) == "basket");
}
