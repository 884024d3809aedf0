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

template <typename Number>
void add_number(std::string& text, Number number) {
    text.append(reinterpret_cast<const char*>(&number), sizeof number);
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
    const bound::Value* keys = test.value(*test.word->searched);
    const std::size_t texts_before = texts_.size();
    if (keys == nullptr || !take_keys(*keys, how) || !take_shared(test, how.comparator)) {
        texts_.resize(texts_before);
        return std::nullopt;
    }
    const std::uint32_t next = size_of(groups_);
    const std::uint32_t number = known_.find(hash64(shared_), next, [&](std::uint32_t known) {
        return groups_[known].shared == shared_;
    });
    if (number == next) groups_.emplace_back().shared = shared_;
    Group& group = groups_[number];
    group.tests.push_back(added_);
    group.needles.insert(group.needles.end(), needles_.begin(), needles_.end());
    group.exacts.insert(group.exacts.end(), exacts_.begin(), exacts_.end());
    return added_++;
}

// False where no constant says what a value must have.
bool SearchPlan::take_keys(const bound::Value& keys, match::How how) {
    using match::MatchType;
    const bool searches = how.type == MatchType::is || how.type == MatchType::contains ||
                          how.type == MatchType::matches || how.type == MatchType::regex;
    if (!searches || how.comparator == match::Comparator::ascii_numeric || !constant(keys))
        return false;
    needles_.clear();
    exacts_.clear();
    return std::ranges::all_of(
        keys.texts, [&](const bound::Text& each) { return take_key(each.literal, how); });
}

bool SearchPlan::take_key(std::string_view literal, match::How how) {
    match::Work work;
    switch (how.type) {
        case match::MatchType::is:
            key_.reset(literal);
            exacts_.push_back({hash_of(key_.seen_by(how.comparator, work)), added_});
            return true;
        case match::MatchType::contains:
            key_.reset(literal);
            return take_needle(key_.seen_by(how.comparator, work));
        case match::MatchType::matches:
            return take_needle(
                match::Key(literal, how.comparator, match::KeyUse::pattern).required());
        case match::MatchType::regex:
            return take_needle(
                match::Key(match::required_literal(literal, how.comparator), how.comparator)
                    .text());
        case match::MatchType::value:
        case match::MatchType::count:
        case match::MatchType::list:
            break;
    }
    return false;
}

bool SearchPlan::take_needle(std::string_view text) {
    if (text.empty()) return false;  // any value may do
    // Enough to find it; the test itself looks at the rest.
    text.remove_prefix(text.size() - std::min(text.size(), limits::max_needle_bytes));
    needles_.push_back({added_, size_of(texts_), size_of(text)});
    texts_ += text;
    return true;
}

// What all tests with the same values have in common; false where a variable is in it.
bool SearchPlan::take_shared(const bound::Call& test, match::Comparator comparator) {
    shared_.clear();
    add_number(shared_, test.extension);
    add_number(shared_, test.word);
    add_number(shared_, comparator);
    for (const bound::Value& value : test.values) {
        if (value.slot == *test.word->searched || value.slot == Slot::match ||
            value.slot == Slot::comparator)
            continue;
        if (value.slot == Slot::mime || !constant(value)) return false;
        add_number(shared_, value.slot);
        add_number(shared_, value.constant);
        add_number(shared_, value.number);
        add_number(shared_, value.texts.size());
        for (const bound::Text& each : value.texts) {
            add_number(shared_, each.literal.size());
            shared_ += each.literal;
        }
    }
    return true;
}

SearchPlan::Result SearchPlan::finish() {
    Result result{{}, std::vector<std::uint32_t>(added_, format::absent)};
    SearchTables& out = result.tables;
    for (Group& group : groups_) {
        if (group.tests.size() < fewest_) continue;
        for (const std::uint32_t test : group.tests) {
            result.numbers[test] = size_of(out.searches);
            out.searches.push_back({.group = size_of(out.groups)});
        }
        SearchGroup& made = out.groups.emplace_back();
        made.states.first = size_of(out.automata.states);
        add_automaton(group, result.numbers, out);
        if (const std::uint32_t added = size_of(out.automata.states) - made.states.first)
            made.states.count = added - 1;
        made.exacts.first = size_of(out.exacts);
        add_exacts(group, result.numbers, out);
        made.exacts.count = size_of(out.exacts) - made.exacts.first;
    }
    return result;
}

void SearchPlan::add_exacts(Group& group, const std::vector<std::uint32_t>& numbers,
                            SearchTables& out) {
    std::ranges::sort(group.exacts);
    const std::uint32_t before = size_of(out.exacts);
    for (const Exact& each : group.exacts) {
        if (out.exacts.size() == before || out.exacts.back().hash != each.hash)
            out.exacts.push_back({each.hash, {size_of(out.automata.found), 0}});
        ++out.exacts.back().found.count;
        out.automata.found.push_back(numbers[each.test]);
    }
}

void SearchPlan::add_automaton(const Group& group, const std::vector<std::uint32_t>& numbers,
                               SearchTables& out) const {
    std::vector<std::pair<std::string_view, std::uint32_t>> patterns;
    patterns.reserve(group.needles.size());
    for (const Needle& each : group.needles)
        patterns.emplace_back(std::string_view(texts_).substr(each.begin, each.size),
                              numbers[each.test]);
    if (!patterns.empty()) match::add_automaton(std::move(patterns), out.automata);
}

}  // namespace sieve
