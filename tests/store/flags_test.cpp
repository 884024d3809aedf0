// SPDX-License-Identifier: MIT
#include "store/flags.h"

#include "store/keywords.h"

#include <catch2/catch.hpp>

namespace store {

TEST_CASE("flags become letters in order, keywords stay names") {
    std::vector<std::string> names = {"\\Seen",    "$Junk",     "\\ANSWERED", "\\seen", "$junk",
                                      "\\Recent",  "\\Unknown", "two words",  "",       "a*b",
                                      "\\Flagged", "\\Draft",   "\\Deleted",  "NonJunk"};
    MessageFlags flags = parse_flags(names);
    CHECK(flags.letters == "DFRST");
    CHECK(flags.keywords == std::vector<std::string>{"$Junk", "NonJunk"});
    CHECK_FALSE(flags.empty());
    CHECK(MessageFlags{}.empty());
}

TEST_CASE("a keyword table reads what Dovecot writes") {
    KeywordTable table = KeywordTable::parse("0 foo\n1 $Forwarded\n5 x\nnonsense\n26 late\n7\n");
    CHECK(table.find("FOO") == 'a');
    CHECK(table.find("$forwarded") == 'b');
    CHECK(table.find("x") == 'f');
    CHECK(table.find("late") == '\0');
    CHECK(table.find("") == '\0');
    CHECK(table.text() == "0 foo\n1 $Forwarded\n5 x\n");
}

TEST_CASE("a new keyword comes after the last one, then into the gaps, and there are 26") {
    KeywordTable table = KeywordTable::parse("0 foo\n24 y\n");
    CHECK(table.add("Foo") == 'a');
    CHECK(table.add("z") == 'z');
    CHECK(table.add("gap") == 'b');
    for (int i = 0; i < 22; ++i)
        CHECK(table.add("k" + std::to_string(i)) != '\0');
    CHECK(table.add("last") == '\0');
    CHECK(table.find("last") == '\0');
}

}  // namespace store
