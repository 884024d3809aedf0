// SPDX-License-Identifier: MIT
// How a test compares (RFC 5228 §2.7, RFC 5231): its match type, comparator and keys against one
// value after the other. Sets the match values, keeps the record of what matched, traces, counts
// the work.
#pragma once

#include "sieve/extension/match_slot.h"
#include "sieve/machine/arguments.h"
#include "sieve/machine/run.h"
#include "sieve/match/match.h"

#include <cstdint>
#include <string_view>

namespace sieve {

class Matching {
  public:
    // The keys stand in slot `keys`; `usual` compares where the script names no comparator.
    Matching(Run& run, const Arguments& arguments, Slot keys,
             match::Comparator usual = match::Comparator::ascii_casemap);

    // Whether this value matches; the test is then true and need not look at others. With :count it
    // only counts. `field` names where the value comes from.
    bool value(match::Subject& subject, std::string_view field);
    bool value(std::string_view text, std::string_view field);
    // For :count (RFC 5231 §4.2) the answer; false for all others. Call it when all values are
    // seen.
    bool finish();

    // Each key is a list of words between spaces (RFC 5232 §4); before the first value.
    void split_keys();
    // A match leaves the match values alone.
    void keep_match_values() { sets_match_values_ = false; }

    bool counts() const { return how_.type == match::MatchType::count; }

  private:
    void use_regexes();
    bool matches(match::Subject& subject, const match::Key& key);
    void trace_start() const;
    bool trace_value(match::Subject& subject, std::string_view field);
    void record(std::string_view field, std::string_view value, const match::Key& key);
    // As the script has it; the prepared key is folded.
    std::string_view written(const match::Key& key) const;
    match::MatchValues* values();

    Run& run_;
    const Arguments& arguments_;
    match::How how_;
    std::vector<match::Key>& keys_;
    std::uint64_t count_ = 0;
    Slot keys_slot_;
    bool split_ = false;
    bool sets_match_values_ = true;
};

}  // namespace sieve
