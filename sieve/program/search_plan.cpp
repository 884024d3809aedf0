// SPDX-License-Identifier: MIT
#include "sieve/program/search_plan.h"

#include "sieve/extension/match_slot.h"
#include "sieve/hash.h"
#include "sieve/limits.h"
#include "sieve/match/automaton.h"
#include "sieve/match/regex_literal.h"

#include <algorithm>

namespace sieve {

namespace {

void add_number(std::string& text, std::uint64_t number) {
    text.append(std::to_string(number)).append(" ");
}

bool constant(const bound::Value& value) {
    return std::ranges::all_of(value.texts, &bound::Text::constant);
}

match::How how_of_test(const bound::Call& test) {
    const auto in = [&](Slot slot, std::uint32_t otherwise) {
        const bound::Value* value = test.value(slot);
        return value == nullptr ? otherwise : value->constant;
    };
    return how_of(
        in(Slot::match, match_constant(match::MatchType::is)),
        static_cast<match::Comparator>(
            in(Slot::comparator, static_cast<std::uint32_t>(match::Comparator::ascii_casemap))));
}

// What all tests with the same values have in common; nothing where a variable is in it.
std::optional<std::string> shared(const bound::Call& test, match::Comparator comparator) {
    std::string text(test.extension->name);
    text.append(" ").append(test.word->name).append(" ");
    add_number(text, static_cast<std::uint64_t>(comparator));
    for (const bound::Value& value : test.values) {
        if (value.slot == *test.word->searched || value.slot == Slot::match ||
            value.slot == Slot::comparator)
            continue;
        if (value.slot == Slot::mime || !constant(value)) return std::nullopt;
        add_number(text, static_cast<std::uint64_t>(value.slot));
        add_number(text, value.constant);
        add_number(text, value.number);
        add_number(text, value.texts.size());
        for (const bound::Text& each : value.texts) {
            add_number(text, each.literal.size());
            text += each.literal;
        }
    }
    return text;
}

std::uint32_t size_of(const auto& table) {
    return static_cast<std::uint32_t>(table.size());
}

std::uint32_t hash_of(std::string_view text) {
    return static_cast<std::uint32_t>(hash64(text));
}

}  // namespace

std::optional<std::uint32_t> SearchPlan::add(const bound::Call& test) {
    if (fewest_ == 0 || !test.word->searched) return std::nullopt;
    const match::How how = how_of_test(test);
    auto needles = SearchPlan::needles(test, how);
    if (!needles) return std::nullopt;
    const auto shares = shared(test, how.comparator);
    if (!shares) return std::nullopt;
    const auto [at, fresh] = known_.try_emplace(*shares, groups_.size());
    if (fresh) groups_.emplace_back();
    needles->test = added_;
    groups_[at->second].tests.push_back(*std::move(needles));
    return added_++;
}

std::optional<SearchPlan::Needles> SearchPlan::needles(const bound::Call& test, match::How how) {
    using match::MatchType;
    const bound::Value* keys = test.value(*test.word->searched);
    const bool searches = how.type == MatchType::is || how.type == MatchType::contains ||
                          how.type == MatchType::matches || how.type == MatchType::regex;
    if (!searches || how.comparator == match::Comparator::ascii_numeric || keys == nullptr ||
        !constant(*keys))
        return std::nullopt;
    Needles result{.test = 0, .type = how.type, .texts = {}};
    for (const bound::Text& each : keys->texts) {
        const std::string literal = how.type == MatchType::regex
                                        ? match::required_literal(each.literal, how.comparator)
                                        : each.literal;
        const match::Key key(literal, how.comparator, match::use_of(how.type));
        std::string_view text = how.type == MatchType::matches ? key.required() : key.text();
        if (how.type != MatchType::is) {
            if (text.empty()) return std::nullopt;  // any value may do
            // Enough to find it; the test itself looks at the rest.
            text.remove_prefix(text.size() - std::min(text.size(), limits::max_needle_bytes));
        }
        result.texts.emplace_back(text);
    }
    return result;
}

SearchPlan::Result SearchPlan::finish() {
    Result result{{}, std::vector<std::uint32_t>(added_, format::absent)};
    SearchTables& out = result.tables;
    for (const Group& group : groups_) {
        if (group.tests.size() < fewest_) continue;
        const std::uint32_t first_search = size_of(out.searches);
        for (const Needles& each : group.tests) {
            result.numbers[each.test] = size_of(out.searches);
            out.searches.push_back({.group = size_of(out.groups)});
        }
        SearchGroup& made = out.groups.emplace_back();
        made.states.first = size_of(out.automata.states);
        add_automaton(group, first_search, out);
        if (const std::uint32_t added = size_of(out.automata.states) - made.states.first)
            made.states.count = added - 1;
        made.exacts.first = size_of(out.exacts);
        add_exacts(group, first_search, out);
        made.exacts.count = size_of(out.exacts) - made.exacts.first;
    }
    return result;
}

void SearchPlan::add_exacts(const Group& group, std::uint32_t first_search, SearchTables& out) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hashes;
    for (std::size_t i = 0; i < group.tests.size(); ++i) {
        if (group.tests[i].type != match::MatchType::is) continue;
        for (const std::string& text : group.tests[i].texts)
            hashes.emplace_back(hash_of(text), first_search + static_cast<std::uint32_t>(i));
    }
    std::ranges::sort(hashes);
    const std::uint32_t before = size_of(out.exacts);
    for (const auto& [hash, search] : hashes) {
        if (out.exacts.size() == before || out.exacts.back().hash != hash)
            out.exacts.push_back({hash, {size_of(out.automata.found), 0}});
        ++out.exacts.back().found.count;
        out.automata.found.push_back(search);
    }
}

void SearchPlan::add_automaton(const Group& group, std::uint32_t first_search, SearchTables& out) {
    std::vector<std::pair<std::string_view, std::uint32_t>> patterns;
    for (std::size_t i = 0; i < group.tests.size(); ++i) {
        if (group.tests[i].type == match::MatchType::is) continue;
        for (const std::string& text : group.tests[i].texts)
            patterns.emplace_back(text, first_search + static_cast<std::uint32_t>(i));
    }
    if (!patterns.empty()) match::add_automaton(std::move(patterns), out.automata);
}

}  // namespace sieve
