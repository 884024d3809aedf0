// SPDX-License-Identifier: MIT
// Regular expressions (draft-ietf-sieve-regex): POSIX extended ones, found leftmost and longest, in
// time linear in the value (RE2). Beyond POSIX, as glibc has them: \w \W \b \B \< \>. A bound above
// 1,000 repetitions is refused. Compiled ones are immutable and may be used by many threads.
#pragma once

#include "sieve/match/comparator.h"
#include "sieve/match/match.h"
#include "sieve/match/work.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace sieve::match {

class Regex {
  public:
    ~Regex();

    // Nothing where the pattern is none; then `why` says what is wrong with it. The comparator is
    // octet or ascii_casemap.
    static std::shared_ptr<const Regex> compile(std::string_view pattern, Comparator comparator,
                                                std::string& why);

    // Whether it is found in the value; then `values` (where given) are replaced by the whole match
    // and its sub-expressions, at most limits::max_match_values.
    bool search(std::string_view value, Work& work, MatchValues* values) const;

  private:
    struct Engine;
    explicit Regex(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

// The regular expressions of one program's constants, each compiled at its first use.
class RegexCache {
  public:
    // The pattern with that number among the program's strings. As Regex::compile.
    std::shared_ptr<const Regex> get(std::uint32_t constant, std::string_view pattern,
                                     Comparator comparator, std::string& why) const;

  private:
    mutable std::mutex mutex_;
    mutable std::map<std::pair<std::uint32_t, Comparator>, std::shared_ptr<const Regex>> known_;
};

}  // namespace sieve::match
