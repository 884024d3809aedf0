// SPDX-License-Identifier: MIT
// What the tests of the language answer.
#include "run_script.h"

#include <catch2/catch.hpp>

using sieve_test::truth_of;
using sieve_test::World;

namespace {

struct Case {
    const char* test;
    bool truth;
};

void check(std::initializer_list<Case> cases) {
    for (const Case& each : cases) {
        CAPTURE(each.test);
        CHECK(truth_of(each.test) == each.truth);
    }
}

}  // namespace

TEST_CASE("header compares decoded values with any key (RFC 5228 5.7)") {
    check({
        {R"(header "Subject" "hello big world")", true},
        {R"(header "subject" "HELLO BIG WORLD")", true},
        {R"(header :comparator "i;octet" "subject" "HELLO BIG WORLD")", false},
        {R"(header :contains ["x-none", "subject"] ["nothing", "BIG"])", true},
        {R"(header :contains "subject" "")", true},
        {R"(header :contains "x-none" "")", false},
        {R"(header :matches "subject" "h*b?g w*")", true},
        {R"(header :matches "subject" "h*b?g")", false},
        {R"(header "x-twice" "second")", true},
    });
}

TEST_CASE("address looks at parts of addresses (RFC 5228 5.1, RFC 5233)") {
    check({
        {R"(address "from" "joe+work@example.com")", true},
        {R"(address :localpart "from" "joe+work")", true},
        {R"(address :domain "from" "EXAMPLE.com")", true},
        {R"(address :user "from" "joe")", true},
        {R"(address :detail "from" "work")", true},
        {R"(address :detail "to" "")", false},
        {R"(address :domain ["from", "to"] "example.net")", true},
        {R"(address :all "to" "me@example.org, you@example.net")", false},
    });
}

TEST_CASE("allof, anyof and not combine (RFC 5228 5.2, 5.3, 5.8)") {
    check({
        {R"(allof (true, header :contains "subject" "hello"))", true},
        {R"(allof (header :contains "subject" "hello", header :contains "subject" "x"))", false},
        {R"(anyof (header :contains "subject" "x", header :contains "subject" "hello"))", true},
        {R"(anyof (false, header :contains "subject" "x"))", false},
        {R"(not header :contains "subject" "x")", true},
        {R"(not anyof (not exists "subject", allof (exists "from", not exists "to")))", true},
        {R"(allof (anyof (exists "x", exists "to"), not allof (exists "x", exists "to")))", true},
        {"not not not false", true},
    });
}

TEST_CASE("exists and size look at the whole message (RFC 5228 5.5, 5.9)") {
    const std::string size = std::to_string(World{}.message.size());
    check({
        {R"(exists ["From", "to"])", true},
        {R"(exists ["from", "x-none"])", false},
        {"size :over 10", true},
        {"size :under 10", false},
        {"size :under 1K", true},
        {"size :over 1G", false},
    });
    CHECK_FALSE(truth_of("size :over " + size));
    CHECK_FALSE(truth_of("size :under " + size));
}

TEST_CASE("envelope knows from, to and auth; a null sender is an empty string (RFC 5228 5.4)") {
    check({
        {R"(envelope "from" "sender@example.com")", true},
        {R"(envelope :domain "FROM" "example.com")", true},
        {R"(envelope :detail "to" "detail")", true},
        {R"(envelope "auth" "x")", false},
    });
    World world;
    world.envelope.from = "";
    world.envelope.orig_to = "alias@example.org";
    world.envelope.auth = "joe";
    CHECK(truth_of(R"(envelope "from" "")", world));
    CHECK(truth_of(R"(envelope :localpart "from" "")", world));
    CHECK(truth_of(R"(envelope :domain "from" "")", world));
    world.envelope.from = "local+part";
    CHECK(truth_of(R"(envelope :detail "from" "part")", world));
    CHECK_FALSE(truth_of(R"(envelope :domain :matches "from" "*")", world));
    world.envelope.from = "";
    CHECK(truth_of(R"(envelope :count "eq" :comparator "i;ascii-numeric" "from" "0")", world));
    CHECK(truth_of(R"(envelope "to" "alias@example.org")", world));
    CHECK_FALSE(truth_of(R"(envelope "to" "me+detail@example.org")", world));
    CHECK(truth_of(R"(envelope "auth" "joe")", world));
}

TEST_CASE("relational compares values and counts (RFC 5231)") {
    check({
        {R"(header :count "eq" :comparator "i;ascii-numeric" "x-twice" "2")", true},
        {R"(header :count "ge" :comparator "i;ascii-numeric" ["x-twice", "subject"] "3")", true},
        {R"(header :count "gt" :comparator "i;ascii-numeric" "x-twice" "2")", false},
        {R"(header :count "eq" :comparator "i;ascii-numeric" "x-none" "0")", true},
        {R"(address :count "eq" :comparator "i;ascii-numeric" "to" "2")", true},
        {R"(header :value "gt" "x-twice" "g")", true},
        {R"(header :value "lt" "x-twice" "a")", false},
        {R"(string :value "ge" :comparator "i;ascii-numeric" "10" "9")", true},
        {R"(string :value "ge" "10" "9")", false},
    });
}

TEST_CASE("index picks one field, from either end (RFC 5260 6)") {
    check({
        {R"(header :index 1 "x-twice" "first")", true},
        {R"(header :index 2 "x-twice" "first")", false},
        {R"(header :index 1 :last "x-twice" "second")", true},
        {R"(header :index 2 :last "x-twice" "first")", true},
        {R"(header :index 3 "x-twice" "second")", false},
    });
}

TEST_CASE("date takes a field apart at the zone that is asked for (RFC 5260 4)") {
    check({
        {R"(date :originalzone "date" "iso8601" "2020-01-01T01:02:03+05:00")", true},
        {R"(date :zone "+0000" "date" "iso8601" "2019-12-31T20:02:03Z")", true},
        {R"(date "date" "time" "21:02:03")", true},
        {R"(date :originalzone "date" "julian" "58849")", true},
        {R"(date :originalzone "date" "std11" "Wed, 01 Jan 2020 01:02:03 +0500")", true},
        {R"(date :originalzone "date" "weekday" "3")", true},
        {R"(date :zone "-0330" "date" "zone" "-0330")", true},
        {R"(date "subject" "year" "2020")", false},
        {R"(date "x-none" "year" "2020")", false},
        {R"(currentdate :zone "+0100" "date" "2026-11-24")", true},
        {R"(currentdate :value "ge" "year" "2026")", true},
    });
}

TEST_CASE("dates of the wild are read as far as they can be (RFC 5322 3.3, 4.3)") {
    struct Row {
        const char* date;
        const char* iso8601;  // "" for none
    };
    for (const Row& row : std::initializer_list<Row>{
             {"Fri, 31 Dec 1999 23:59:60 +0000", "1999-12-31T23:59:59Z"},
             {"5 Feb 50 01:02:03 +0000", "1950-02-05T01:02:03Z"},
             {"5 Feb 107 01:02:03 +0000", "2007-02-05T01:02:03Z"},
             {"Mon, 5 Feb 2007 01:02:03 +01", "2007-02-05T01:02:03Z"},
             {"Mon, 5 Feb 2007 01:02:03 A", "2007-02-05T01:02:03Z"},
             {"Wed, 31 Dec 1969 23:59:59 +0000", "1969-12-31T23:59:59Z"},
             {"Mon, 1 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"},
             {"Sun, 31 Dec 1899 00:00:00 +0000", ""},
             {"Mon, 5 Feb 2007 01:02:03 +0060", ""},
         }) {
        CAPTURE(row.date);
        World world;
        world.message = "Date: " + std::string(row.date) + "\n\n";
        const std::string key = *row.iso8601 != 0 ? row.iso8601 : "*";
        CHECK(truth_of("date :originalzone :matches \"date\" \"iso8601\" \"" + key + "\"", world) ==
              (*row.iso8601 != 0));
    }
}

TEST_CASE("match values end where variables do (RFC 5229 6)") {
    World world;
    world.message = "Subject: " + std::string(5000, 'x') + "\n\n";
    const std::string cut(4096, 'x');
    CHECK(truth_of(R"(allof (header :matches "subject" "*", string "${1}" ")" + cut + R"("))",
                   world));
}

TEST_CASE("body sees raw, typed and textual content (RFC 5173)") {
    check({
        {R"(body :contains "TEXT")", true},
        {R"(body :raw :contains "body text")", true},
        {R"(body :content "text" :contains "here")", true},
        {R"(body :content "text/plain" :contains "here")", true},
        {R"(body :content "text/html" :contains "here")", false},
        {R"(body :content "" :contains "here")", true},
        {R"(body :content "text/plain/x" :contains "here")", false},
    });
    World empty;
    empty.message = "Subject: x\n\n";
    CHECK(truth_of(R"(body :raw "")", empty));
    empty.message = "Subject: x\n";
    for (const char* how : {":raw", ":text", ":content \"\""}) {
        CAPTURE(how);  // RFC 5173 §4: without an empty line there is no body
        CHECK_FALSE(truth_of("body " + std::string(how) + " :contains \"\"", empty));
        CHECK(truth_of(
            "body " + std::string(how) + R"( :count "eq" :comparator "i;ascii-numeric" "0")",
            empty));
    }
}

TEST_CASE("mailboxexists asks the host for all of them (RFC 5490 3.1)") {
    check({
        {R"(mailboxexists "INBOX")", true},
        {R"(mailboxexists ["INBOX", "There"])", true},
        {R"(mailboxexists ["INBOX", "Not there"])", false},
    });
}

TEST_CASE("strings with references to octets and characters are decoded (RFC 5228 2.4.2.4)") {
    check({
        {R"(string "${hex:41 42}${unicode: 20AC}" "ABâ‚¬")", false},
        {R"(string "${hex:41 42}" "AB")", true},
        {R"(string "${unicode:e4}" "${hex: c3 a4}")", true},
        {R"(string :comparator "i;octet" "$${hex:40}" "$@")", true},
        {R"(string :comparator "i;octet" "${hex:zz}" "${hex: 24}{hex:zz}")", true},
    });
}
