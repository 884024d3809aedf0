// SPDX-License-Identifier: MIT
#include "sieve/match/match.h"

#include "sieve/match/glob.h"
#include "sieve/match/regex.h"
#include "sieve/match/unicode.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sieve::match {
namespace {

bool holds(Relation relation, std::strong_ordering order) {
    switch (relation) {
        case Relation::gt:
            return order > 0;
        case Relation::ge:
            return order >= 0;
        case Relation::lt:
            return order < 0;
        case Relation::le:
            return order <= 0;
        case Relation::eq:
            return order == 0;
        case Relation::ne:
            return order != 0;
    }
    return false;
}

// The order of a value and a key where octets decide on what the comparator sees.
std::strong_ordering order_of(const How& how, Subject& subject, const Key& key, Work& work) {
    if (how.comparator != Comparator::unicode_casemap)
        return order(how.comparator, subject.text(), key.text());
    return order(Comparator::octet, subject.seen_by(how.comparator, work), key.text());
}

// Offsets into what i;unicode-casemap sees become those of the value as it is.
void unprepare(const Subject& subject, Spans& spans, Work& work) {
    std::array<std::size_t*, 2 * max_captures> offsets;
    std::size_t count = 0;
    for (std::size_t i = 1; i < spans.count; ++i) {
        offsets[count++] = &spans.of[i].begin;
        offsets[count++] = &spans.of[i].end;
    }
    unprepared_offsets(subject.text(), std::span(offsets).first(count));
    spans.of[0] = {0, subject.text().size()};
    work.add(subject.text().size());
}

bool match_glob(Subject& subject, const Key& key, Work& work, MatchValues* values) {
    const bool unicode = key.comparator() == Comparator::unicode_casemap;
    const std::string_view seen = subject.seen_by(key.comparator(), work);
    if (find(seen, key.required(), key.required_rare(), work) == std::string_view::npos) {
        return false;
    }
    Spans spans;
    Spans* const wanted = values == nullptr ? nullptr : &spans;
    const bool fits =
        unicode && key.text().find('?') != std::string_view::npos
            ? character_glob(key.text(), seen, subject.unicode_starts(work), work, wanted)
            : glob(key.text(), seen, work, wanted);
    if (!fits || values == nullptr) return fits;
    // Folding keeps lengths: the offsets are those of the value as it is.
    if (unicode) unprepare(subject, spans, work);
    values->resize(spans.count);
    for (std::size_t i = 0; i < spans.count; ++i) {
        const auto [begin, end] = spans.of[i];
        (*values)[i].assign(subject.text().substr(begin, end - begin));
        work.add(end - begin);
    }
    return true;
}

}  // namespace

std::optional<Relation> relation_named(std::string_view name) {
    for (const Relation relation :
         {Relation::gt, Relation::ge, Relation::lt, Relation::le, Relation::eq, Relation::ne}) {
        if (equal(Comparator::ascii_casemap, name, name_of(relation))) return relation;
    }
    return std::nullopt;
}

std::string_view name_of(Relation relation) {
    switch (relation) {
        case Relation::gt:
            return "gt";
        case Relation::ge:
            return "ge";
        case Relation::lt:
            return "lt";
        case Relation::le:
            return "le";
        case Relation::eq:
            return "eq";
        case Relation::ne:
            return "ne";
    }
    return {};
}

std::string_view name_of(MatchType type) {
    switch (type) {
        case MatchType::is:
            return "is";
        case MatchType::contains:
            return "contains";
        case MatchType::matches:
            return "matches";
        case MatchType::value:
            return "value";
        case MatchType::count:
            return "count";
        case MatchType::regex:
            return "regex";
        case MatchType::list:
            return "list";
    }
    return {};
}

bool match(const How& how, Subject& subject, const Key& key, Work& work, MatchValues* values) {
    work.add(1);
    switch (how.type) {
        case MatchType::is:
            // Most values fail by length alone, before anything is folded.
            if (how.comparator == Comparator::unicode_casemap) {
                return order_of(how, subject, key, work) == 0;
            }
            if (how.comparator != Comparator::ascii_numeric &&
                subject.text().size() != key.text().size()) {
                return false;
            }
            work.add(key.text().size());
            return equal(how.comparator, subject.text(), key.text());
        case MatchType::contains:
            if (how.comparator != Comparator::unicode_casemap &&
                key.text().size() > subject.text().size()) {
                return false;
            }
            return find(subject.seen_by(how.comparator, work), key.text(), key.rare(), work) !=
                   std::string_view::npos;
        case MatchType::matches:
            return match_glob(subject, key, work, values);
        case MatchType::value:
            work.add(std::min(subject.text().size(), key.text().size()));
            return holds(how.relation, order_of(how, subject, key, work));
        case MatchType::count:
        case MatchType::list:
            return false;
        case MatchType::regex:
            return key.regex() != nullptr && key.regex()->search(subject.text(), work, values);
    }
    return false;
}

bool match_any(const How& how, Subject& subject, std::span<const Key> keys, Work& work,
               MatchValues* values) {
    for (const Key& key : keys) {
        if (match(how, subject, key, work, values)) return true;
        if (work.exhausted()) return false;
    }
    return false;
}

bool match_count(const How& how, std::uint64_t number, std::span<const Key> keys, Work& work) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    Subject subject({digits.data(), end});
    return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
        work.add(key.text().size());
        return holds(how.relation, order_of(how, subject, key, work));
    });
}

}  // namespace sieve::match
