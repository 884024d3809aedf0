// SPDX-License-Identifier: MIT
#include "sieve/match/match.h"

#include <catch2/catch.hpp>

using sieve::match::Comparator;
using sieve::match::How;
using sieve::match::Key;
using sieve::match::MatchType;
using sieve::match::MatchValues;
using sieve::match::Relation;
using sieve::match::Subject;
using sieve::match::Work;

TEST_CASE("match types compare a value with a key by the comparator") {
    struct Case {
        const char* name;
        How how;
        std::string_view subject;
        std::string_view key;
        bool matches;
    };
    constexpr auto octet = Comparator::octet;
    constexpr auto casemap = Comparator::ascii_casemap;
    constexpr auto numeric = Comparator::ascii_numeric;
    const auto c = GENERATE(values<Case>({
        {":is blind to case", {MatchType::is, casemap}, "FROP", "frop", true},
        {":is by octets", {MatchType::is, octet}, "FROP", "frop", false},
        {":is is the whole", {MatchType::is, casemap}, "frop", "fro", false},
        {":is empty", {MatchType::is, casemap}, "", "", true},
        {":is numbers", {MatchType::is, numeric}, "007x", "7", true},
        {":contains blind to case",
         {MatchType::contains, casemap},
         "a Frobnitzm b",
         "FROBNITZM",
         true},
        {":contains by octets", {MatchType::contains, octet}, "a Frobnitzm b", "frobnitzm", false},
        {":contains at the start", {MatchType::contains, octet}, "abc", "ab", true},
        {":contains at the end", {MatchType::contains, octet}, "abc", "bc", true},
        {":contains the whole", {MatchType::contains, octet}, "abc", "abc", true},
        {":contains longer key", {MatchType::contains, octet}, "abc", "abcd", false},
        {":contains nothing", {MatchType::contains, casemap}, "abc", "", true},
        {":contains nothing in nothing", {MatchType::contains, casemap}, "", "", true},
        {":matches blind to case", {MatchType::matches, casemap}, "Subject", "s*T", true},
        {":matches by octets", {MatchType::matches, octet}, "Subject", "s*t", false},
        {":value gt", {MatchType::value, numeric, Relation::gt}, "10", "9", true},
        {":value gt by octets", {MatchType::value, octet, Relation::gt}, "10", "9", false},
        {":value ge", {MatchType::value, numeric, Relation::ge}, "9", "9", true},
        {":value lt", {MatchType::value, casemap, Relation::lt}, "Alice", "m", true},
        {":value le", {MatchType::value, casemap, Relation::le}, "M", "m", true},
        {":value eq", {MatchType::value, casemap, Relation::eq}, "M", "n", false},
        {":value ne", {MatchType::value, casemap, Relation::ne}, "M", "n", true},
    }));
    CAPTURE(c.name);
    Work work;
    Subject subject(c.subject);
    const Key key(c.key, c.how.comparator);
    CHECK(sieve::match::match(c.how, subject, key, work) == c.matches);
    CHECK(work.octets() > 0);
}

TEST_CASE("match values are those of the value as written, and stay where nothing matched") {
    const How how{MatchType::matches, Comparator::ascii_casemap};
    Work work;
    MatchValues values;
    Subject subject("[Acme-Users] Hello");
    CHECK(sieve::match::match(how, subject, Key("[*] h*", how.comparator), work, &values));
    CHECK(values == MatchValues{"[Acme-Users] Hello", "Acme-Users", "ello"});
    CHECK_FALSE(sieve::match::match(how, subject, Key("(*)", how.comparator), work, &values));
    CHECK(values.size() == 3);
    subject.reset("other");
    const std::vector<Key> keys{Key("x*", how.comparator), Key("?th*", how.comparator)};
    CHECK(sieve::match::match_any(how, subject, keys, work, &values));
    CHECK(values == MatchValues{"other", "o", "er"});
}

TEST_CASE("a pattern knows a text without which no value fits") {
    struct Case {
        std::string_view pattern;
        std::string_view required;
    };
    const auto c = GENERATE(values<Case>({
        {"", ""},
        {"**?", ""},
        {"*e*", "E"},
        {"*eq*abc?d", "ABC"},
        {"a\\*bc*", "BC"},
        {"a\\*", "A"},
        {"?a\\", "A"},
        {"\\\\?x", "X"},
    }));
    CAPTURE(c.pattern);
    CHECK(Key(c.pattern, Comparator::ascii_casemap).required() == c.required);
}

TEST_CASE("a count stands in relation to any key (RFC 5231 §4.2)") {
    const How how{MatchType::count, Comparator::ascii_numeric, Relation::ge};
    Work work;
    const std::vector<Key> keys{Key("12", how.comparator), Key("3", how.comparator)};
    CHECK(sieve::match::match_count(how, 3, keys, work));
    CHECK_FALSE(sieve::match::match_count(how, 2, keys, work));
    const How by_octets{MatchType::count, Comparator::octet, Relation::lt};
    CHECK(sieve::match::match_count(by_octets, 10, std::vector{Key("9", Comparator::octet)}, work));
}

TEST_CASE("only the substring match types are closed to i;ascii-numeric") {
    CHECK_FALSE(sieve::match::supports(Comparator::ascii_numeric, MatchType::contains));
    CHECK_FALSE(sieve::match::supports(Comparator::ascii_numeric, MatchType::matches));
    CHECK(sieve::match::supports(Comparator::ascii_numeric, MatchType::count));
    CHECK(sieve::match::supports(Comparator::octet, MatchType::matches));
}

TEST_CASE("relations are known by name in any case") {
    CHECK(sieve::match::relation_named("GE") == Relation::ge);
    CHECK_FALSE(sieve::match::relation_named("gte"));
    CHECK_FALSE(sieve::match::relation_named(""));
}

TEST_CASE("a search finds the first place, as the library's does") {
    std::string haystack;
    unsigned state = 1;
    for (int i = 0; i < 2000; ++i) {
        state = state * 1103515245U + 12345U;
        haystack += static_cast<char>('a' + (state >> 16) % 3);
    }
    for (std::size_t at = 0; at < 200; ++at) {
        for (std::size_t size = 0; size < 12; ++size) {
            const std::string needle = haystack.substr(at * 7, size);
            Work work;
            REQUIRE(sieve::match::find(haystack, needle, sieve::match::rarest_octet(needle),
                                       work) == haystack.find(needle));
            const std::string absent = needle + "z";
            REQUIRE(sieve::match::find(haystack, absent, sieve::match::rarest_octet(absent),
                                       work) == std::string::npos);
        }
    }
}

TEST_CASE("a search that starts falsely everywhere is linear") {
    const std::string haystack(200'000, 'a');
    for (const std::size_t place : {0, 25'000, 50'000}) {
        std::string needle(50'001, 'a');
        needle[place] = 'b';
        for (const std::size_t rare : {std::size_t{0}, needle.size() / 3, needle.size() - 1}) {
            Work work;
            CHECK(sieve::match::find(haystack, needle, rare, work) == std::string::npos);
            CHECK(work.octets() <= 9 * (haystack.size() + needle.size()));
        }
    }
}
