// SPDX-License-Identifier: MIT
#include "sieve/match/glob.h"

#include <catch2/catch.hpp>

using sieve::match::Spans;
using sieve::match::Work;

namespace {

std::vector<std::string> captures(std::string_view pattern, std::string_view subject) {
    Work work;
    Spans spans;
    std::vector<std::string> result;
    if (!sieve::match::glob(pattern, subject, work, &spans)) return {"no match"};
    for (std::size_t i = 0; i < spans.count; ++i) {
        result.emplace_back(subject.substr(spans.of[i].begin, spans.of[i].end - spans.of[i].begin));
    }
    return result;
}

// The definition, slowly: the first wildcard takes as little as lets the rest fit.
bool reference(std::string_view p, std::string_view s, std::vector<std::string>& taken) {
    if (p.empty()) return s.empty();
    if (p[0] == '*') {
        for (std::size_t n = 0; n <= s.size(); ++n) {
            taken.emplace_back(s.substr(0, n));
            const std::size_t mark = taken.size();
            if (reference(p.substr(1), s.substr(n), taken)) return true;
            taken.resize(mark - 1);
        }
        return false;
    }
    if (s.empty()) return false;
    if (p[0] == '?') {
        taken.emplace_back(s.substr(0, 1));
        if (reference(p.substr(1), s.substr(1), taken)) return true;
        taken.pop_back();
        return false;
    }
    if (p[0] == '\\' && p.size() > 1) p.remove_prefix(1);
    return p[0] == s[0] && reference(p.substr(1), s.substr(1), taken);
}

}  // namespace

TEST_CASE("a pattern fits the whole value and wildcards take as little as possible") {
    struct Case {
        const char* name;
        std::string_view pattern;
        std::string_view subject;
        std::vector<std::string> values;
    };
    const std::vector<std::string> none{"no match"};
    const auto c = GENERATE_COPY(values<Case>({
        {"literal", "frop", "frop", {"frop"}},
        {"literal is the whole value", "fro", "frop", none},
        {"empty fits empty", "", "", {""}},
        {"empty fits nothing else", "", "a", none},
        {"star fits empty", "*", "", {"", ""}},
        {"star takes all", "*", "abc", {"abc", "abc"}},
        {"question mark is one octet", "h?llo", "hallo", {"hallo", "a"}},
        {"question mark is not none", "hallo?", "hallo", none},
        {"a two-octet character is two (RFC 5228 §2.7.1)", "h?llo", "h\xc3\xa9llo", none},
        {"two question marks for it", "h??llo", "h\xc3\xa9llo", {"h\xc3\xa9llo", "\xc3", "\xa9"}},
        {"the end is at the end", "*a", "aba", {"aba", "ab"}},
        {"as little as possible", "*b*", "abab", {"abab", "a", "ab"}},
        {"RFC 5229 list example",
         "*<*@*",
         "Friends <friends@example.net>",
         {"Friends <friends@example.net>", "Friends ", "friends", "example.net>"}},
        {"RFC 5229 subject example",
         "[*] *",
         "[acme-users] [fwd] version 1.0 is out",
         {"[acme-users] [fwd] version 1.0 is out", "acme-users", "[fwd] version 1.0 is out"}},
        {"RFC 5229 double star: the first is empty",
         "coyote@**.com",
         "coyote@ACME.Example.com",
         {"coyote@ACME.Example.com", "", "ACME.Example"}},
        {"star, question mark, star", "*?*", "aba", {"aba", "", "a", "ba"}},
        {"question mark and star needs one", "?*", "", none},
        {"escaped star", "a\\*b", "a*b", {"a*b"}},
        {"escaped star is no wildcard", "a\\*b", "aXb", none},
        {"escaped question mark", "\\?*", "?x", {"?x", "x"}},
        {"escaped backslash", "a\\\\*", "a\\b", {"a\\b", "b"}},
        {"escaped other octet", "\\aba", "aba", {"aba"}},
        {"backslash at the end", "foo\\", "foo\\", {"foo\\"}},
        {"escape in a middle segment", "*\\**", "ab*cd", {"ab*cd", "ab", "cd"}},
        {"wild middle segment", "*b?d*", "abbdbcdx", {"abbdbcdx", "a", "b", "bcdx"}},
        {"segments don't overlap", "*ab*ba*", "aba", none},
        {"last segment does not overlap", "*ab*b", "ab", none},
        {"first segment does not overlap the last", "ab*ba", "aba", none},
        {"many stars", "****", "x", {"x", "", "", "", "x"}},
    }));
    CAPTURE(c.name);
    CHECK(captures(c.pattern, c.subject) == c.values);
    Work work;
    CHECK(sieve::match::glob(c.pattern, c.subject, work) == (c.values != none));
}

TEST_CASE("every short pattern agrees with the definition") {
    const std::string_view letters = "ab*?\\";
    std::vector<std::string> patterns{""};
    for (std::size_t i = 0; i < patterns.size() && patterns.size() < 4000; ++i) {
        for (const char c : letters)
            patterns.push_back(patterns[i] + c);
    }
    std::vector<std::string> subjects{""};
    for (std::size_t i = 0; i < subjects.size() && subjects.size() < 120; ++i) {
        for (const char c : std::string_view("ab*"))
            subjects.push_back(subjects[i] + c);
    }
    std::size_t differences = 0;
    for (const auto& pattern : patterns) {
        for (const auto& subject : subjects) {
            std::vector<std::string> expected{subject};
            if (!reference(pattern, subject, expected)) expected = {"no match"};
            if (captures(pattern, subject) != expected) {
                UNSCOPED_INFO(pattern << " on " << subject);
                ++differences;
            }
        }
    }
    CHECK(differences == 0);
}

TEST_CASE("no more than 31 wildcards are kept") {
    const auto values = captures(std::string(40, '?'), std::string(40, 'x'));
    CHECK(values.size() == sieve::match::max_captures);
    CHECK(values.back() == "x");
}

TEST_CASE("patterns made to backtrack cost a fixed number of looks at each octet") {
    constexpr std::size_t size = 100'000;
    const std::string as(size, 'a');
    std::string ab;
    for (std::size_t i = 0; i < size / 2; ++i)
        ab += "ab";
    struct Case {
        const char* name;
        std::string pattern;
        std::string subject;
        bool fits;
    };
    std::string stars;
    for (int i = 0; i < 50; ++i)
        stars += "a*";
    std::string wild_stars;
    for (int i = 0; i < 50; ++i)
        wild_stars += "a?*";
    const auto c = GENERATE_COPY(values<Case>({
        {"a*a*…b", stars + "b", as, false},
        {"*a*a*…*b*", "*" + stars + "b*", as, false},
        {"a?*a?*…b", wild_stars + "b", as, false},
        {"long plain segment that nearly fits", "*" + std::string(size / 2, 'a') + "b*", as, false},
        {"wild segment of 64 that nearly fits", "*" + std::string(62, 'a') + "?b*", as, false},
        {"alternating", "*" + std::string(30, '?') + "aa*", ab, false},
        {"all stars", std::string(size, '*'), as, true},
        {"all question marks", std::string(size, '?'), as, true},
    }));
    CAPTURE(c.name);
    Work work;
    CHECK(sieve::match::glob(c.pattern, c.subject, work) == c.fits);
    CHECK(work.octets() <= 8 * (c.pattern.size() + c.subject.size()));
}

TEST_CASE("a very long wild segment stops at the limit of work") {
    const std::string pattern = "*" + std::string(5'000, 'a') + "?b*";
    const std::string subject(100'000, 'a');
    constexpr std::uint64_t limit = 1'000'000;
    Work work(limit);
    CHECK_FALSE(sieve::match::glob(pattern, subject, work));
    CHECK(work.exhausted());
    CHECK(work.octets() <= limit + 2 * (pattern.size() + subject.size()));
}
