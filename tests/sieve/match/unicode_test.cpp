// SPDX-License-Identifier: MIT
#include "sieve/match/unicode.h"

#include "sieve/match/glob.h"
#include "sieve/match/match.h"

#include <catch2/catch.hpp>

using namespace std::string_literals;
using sieve::match::Comparator;
using sieve::match::Key;
using sieve::match::KeyUse;
using sieve::match::MatchType;
using sieve::match::Subject;
using sieve::match::Work;

namespace {

using Values = std::vector<std::string>;
const Values none{"no match"};

Values values_of(MatchType type, std::string_view value, std::string_view key) {
    Work work;
    Subject subject(value);
    const Key prepared(key, Comparator::unicode_casemap,
                       type == MatchType::matches ? KeyUse::pattern : KeyUse::value);
    Values values;
    if (!sieve::match::match({type, Comparator::unicode_casemap, sieve::match::Relation::eq},
                             subject, prepared, work, &values))
        return none;
    return values;
}

// The definition, slowly: `?` is what stands from one start to the next.
bool reference(std::string_view p, std::string_view s, std::string_view starts, Values& taken) {
    if (p.empty()) return s.empty();
    const auto rest_fits = [&](std::size_t n, std::string_view p_rest) {
        return reference(p_rest, s.substr(n), starts.substr(n), taken);
    };
    if (p[0] == '*') {
        for (std::size_t n = 0; n <= s.size(); ++n) {
            taken.emplace_back(s.substr(0, n));
            const std::size_t mark = taken.size();
            if (rest_fits(n, p.substr(1))) return true;
            taken.resize(mark - 1);
        }
        return false;
    }
    if (s.empty()) return false;
    if (p[0] == '?') {
        if (starts[0] == 0) return false;
        std::size_t n = 1;
        while (n < s.size() && starts[n] == 0)
            ++n;
        taken.emplace_back(s.substr(0, n));
        if (rest_fits(n, p.substr(1))) return true;
        taken.pop_back();
        return false;
    }
    if (p[0] == '\\' && p.size() > 1) p.remove_prefix(1);
    return p[0] == s[0] && rest_fits(1, p.substr(1));
}

}  // namespace

TEST_CASE("i;unicode-casemap matches characters and gives values as they are (RFC 5051)") {
    struct Case {
        const char* name;
        MatchType type;
        std::string value;
        std::string key;
        Values values;
    };
    const auto c = GENERATE(values<Case>({
        {"is", MatchType::is, "Caf\u00e9", "cAF\u00c9", {}},
        {"is not", MatchType::is, "Caf\u00e9", "cafe", none},
        {"contains", MatchType::contains, "Un CAF\u00c9 noir", "caf\u00e9", {}},
        {"contains a longer key than the value", MatchType::contains, "\u00c9", "e\u0301", {}},
        {"contains a part of a character", MatchType::contains, "caf\u00e9", "CAFE", {}},
        {"matches", MatchType::matches, "\u00c9t\u00e9", "\u00e9T*", {"\u00c9t\u00e9", "\u00e9"}},
        {"a question mark is a character",
         MatchType::matches,
         "h\u00e9llo",
         "H?LLO",
         {"h\u00e9llo", "\u00e9"}},
        {"of four octets", MatchType::matches, "a\U0001f600b", "?????", none},
        {"three of them",
         MatchType::matches,
         "a\U0001f600b",
         "???",
         {"a\U0001f600b", "a", "\U0001f600", "b"}},
        {"one that falls into many", MatchType::matches, "[\ufdfa]", "[?]", {"[\ufdfa]", "\ufdfa"}},
        {"at the end",
         MatchType::matches,
         "na\u00efv\u00e9",
         "*v?",
         {"na\u00efv\u00e9", "na\u00ef", "\u00e9"}},
        {"in the middle",
         MatchType::matches,
         "na\u00efv\u00e9t\u00e9",
         "*?v?*",
         {"na\u00efv\u00e9t\u00e9", "na", "\u00ef", "\u00e9", "t\u00e9"}},
        {"no part of a character", MatchType::matches, "\u00e9", "e?", none},
        {"a mark of its own", MatchType::matches, "e\u0301", "e?", {"e\u0301", "\u0301"}},
        {"octets where it is no UTF-8",
         MatchType::matches,
         "\xe9\xe9",
         "??",
         {"\xe9\xe9", "\xe9", "\xe9"}},
        {"a star behind a part of a character",
         MatchType::matches,
         "\u00e9x",
         "e*",
         {"\u00e9x", "x"}},
        {"a fullwidth asterisk is no wildcard", MatchType::matches, "a*b", "a\uff0ab", {"a*b"}},
        {"not even for others", MatchType::matches, "axxb", "a\uff0ab", none},
        {"an escaped one", MatchType::matches, "a*b", "a\\\uff0ab", {"a*b"}},
        {"behind an escaped backslash", MatchType::matches, "a\\?b", "a\\\\\ufe56b", {"a\\?b"}},
        {"a double question mark is two", MatchType::matches, "??", "\u2047", {"??"}},
        {"an escaped double question mark", MatchType::matches, "??", "\\\u2047", {"??"}},
        {"value", MatchType::value, "\u00e9", "\u00c9", {}},
    }));
    CAPTURE(c.name);
    CHECK(values_of(c.type, c.value, c.key) == c.values);
}

TEST_CASE("a character is titlecased once and decomposed to the end (RFC 5051 §2)") {
    struct Case {
        std::string text;
        std::string prepared;
    };
    const auto c = GENERATE(values<Case>({
        {"\u01c4", "Dz\u030c"},  // the RFC's example
        {"\u01c6", "Dz\u030c"},
        {"z\u030c", "Z\u030c"},
        {"\u1ec7", "E\u0323\u0302"},
        {"\u3392", "MHz"},
        {"", ""},
    }));
    std::string out;
    sieve::match::prepare_unicode(c.text, out);
    CHECK(out == c.prepared);
}

TEST_CASE("every short pattern with characters agrees with the definition") {
    const std::string_view letters = "ab*?\\";
    Values patterns{""};
    for (std::size_t i = 0; i < patterns.size() && patterns.size() < 4000; ++i) {
        for (const char c : letters)
            patterns.push_back(patterns[i] + c);
    }
    struct Sample {
        std::string text;
        std::string starts;
    };
    std::vector<Sample> samples{{}};
    for (std::size_t i = 0; i < samples.size() && samples.size() < 800; ++i) {
        const Sample sample = samples[i];
        for (const char c : "ab"s) {
            samples.push_back({sample.text + c, sample.starts + '\1'});
            if (i > 0) samples.push_back({sample.text + c, sample.starts + '\0'});
        }
    }
    std::size_t differences = 0;
    for (const auto& pattern : patterns) {
        for (const auto& [text, starts] : samples) {
            Values expected{text};
            if (!reference(pattern, text, starts, expected)) expected = none;
            Work work;
            sieve::match::Spans spans;
            Values values;
            if (sieve::match::character_glob(pattern, text, starts, work, &spans)) {
                for (std::size_t i = 0; i < spans.count; ++i)
                    values.push_back(
                        text.substr(spans.of[i].begin, spans.of[i].end - spans.of[i].begin));
            } else {
                values = none;
            }
            if (values != expected) {
                UNSCOPED_INFO(pattern << " on " << text);
                ++differences;
            }
        }
    }
    CHECK(differences == 0);
}

TEST_CASE("preparing and matching long text costs a fixed number of looks at each octet") {
    std::string subject;
    for (int i = 0; i < 20'000; ++i)
        subject += "\u00e9\ufdfa";
    std::string pattern;
    for (int i = 0; i < 50; ++i)
        pattern += "\u00e9?*";
    Work work;
    Subject value(subject);
    const Key key(pattern + "x", Comparator::unicode_casemap, KeyUse::pattern);
    const Key wild("*" + "e\u0301"s + std::string(61, '?') + "e*", Comparator::unicode_casemap,
                   KeyUse::pattern);
    const sieve::match::How how{MatchType::matches, Comparator::unicode_casemap, {}};
    CHECK_FALSE(sieve::match::match(how, value, key, work));
    CHECK(sieve::match::match(how, value, wild, work));
    CHECK(work.octets() <= 100 * subject.size());
}
