// SPDX-License-Identifier: MIT
#include "sieve/machine/untrue_rules.h"

#include "sieve/limits.h"
#include "sieve/text.h"

#include <algorithm>
#include <utility>

namespace sieve {

namespace {

std::string cut(std::string_view text) {
    return std::string(cut_utf8(text, limits::max_test_value_bytes));
}

}  // namespace

UntrueRules::UntrueRules(const Image& image, std::size_t wanted)
    : image_(image), wanted_(wanted), attempts_(wanted * limits::noted_tests_per_kept) {}

void UntrueRules::note(std::uint32_t address) {
    --attempts_;
    address_ = address;
    current_ = {};
    if (address < condition_end_) return;
    // A new condition: the one before it was left without its block.
    flush();
    const std::uint32_t count = image_.count(format::Section::code);
    condition_end_ = address;
    while (condition_end_ < count && image_.instruction(condition_end_).opcode() != Opcode::decided)
        ++condition_end_;
}

void UntrueRules::keys(const StringList& keys) {
    for (StringRef key : keys) {
        if (current_.keys.size() == limits::max_test_values) break;
        current_.keys.push_back(cut(key.text));
    }
    current_.omitted_keys = keys.size() - current_.keys.size();
}

void UntrueRules::saw(std::string_view field, std::string_view value) {
    if (current_.seen.size() == limits::max_test_values) {
        ++current_.omitted_seen;
        return;
    }
    current_.seen.push_back({cut(field), cut(value), true});
}

void UntrueRules::nothing(std::string_view field) {
    if (current_.seen.size() == limits::max_test_values)
        ++current_.omitted_seen;
    else
        current_.seen.push_back({cut(field), {}, false});
}

void UntrueRules::finish(std::string_view word, bool truth, LineTableReader& lines) {
    noting_ = false;
    if (pending_.size() == wanted_) {
        if (!truth) ++omitted_;
        return;
    }
    current_.line = lines.line(address_);
    current_.test = word;
    current_.truth = truth;
    if (pending_.empty()) {
        LineTableReader ahead = lines;
        rule_line_ = ahead.line(condition_end_);
    }
    pending_.push_back(std::move(current_));
}

void UntrueRules::flush() {
    if (pending_.empty()) return;
    wanted_ -= pending_.size();
    if (wanted_ == 0) attempts_ = 0;
    rules_.push_back({rule_line_, std::exchange(pending_, {})});
}

void UntrueRules::spend(std::size_t tests) {
    wanted_ -= std::min(tests, left());
    if (wanted_ == 0) attempts_ = 0;
}

std::vector<UntrueRule> UntrueRules::take() {
    flush();
    return std::move(rules_);
}

}  // namespace sieve
