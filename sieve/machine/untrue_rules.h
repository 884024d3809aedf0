// SPDX-License-Identifier: MIT
// Why blocks did not run: what the tests of an if or elsif saw whose condition did not hold. A
// bounded number of tests is noted, so that a script of thousands of rules costs no more than one
// of twenty; when the bound is reached each further test costs one comparison. Lives in one run.
#pragma once

#include "sieve/machine/arguments.h"
#include "sieve/outcome.h"
#include "sieve/program/image.h"
#include "sieve/program/line_table.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

class UntrueRules {
  public:
    // At most `wanted` tests come out.
    UntrueRules(const Image& image, std::size_t wanted);

    // Whether the test that runs now is noted; the others are only called while it is.
    bool noting() const { return noting_; }
    void keys(const StringList& keys);
    void saw(std::string_view field, std::string_view value);
    void nothing(std::string_view field);

    // Around each test. Addresses go down only after go_back().
    void begin(std::uint32_t address) {
        noting_ = attempts_ != 0;
        if (noting_) note(address);
    }
    void end(std::string_view word, bool truth, LineTableReader& lines) {
        if (noting_)
            finish(word, truth, lines);
        else if (!truth)
            ++omitted_;
    }
    // Whether the next test will be noted.
    bool notes_next() const { return attempts_ != 0; }
    // A test that was not even run.
    void passed_over() { ++omitted_; }
    // The block that begins at the address runs: the tests of its condition.
    std::vector<TestRecord> taken(std::uint32_t address) {
        if (address != condition_end_) return {};
        return std::exchange(pending_, {});
    }

    // Tests that may still come out; and what another script of the run had of them.
    std::size_t left() const { return wanted_ - pending_.size(); }
    void spend(std::size_t tests);

    // A loop begins another round: addresses start again from below.
    void go_back() {
        flush();
        condition_end_ = 0;
    }

    std::vector<UntrueRule> take();
    // Tests that were not true and are not noted.
    std::size_t omitted() const { return omitted_; }

  private:
    void note(std::uint32_t address);
    void finish(std::string_view word, bool truth, LineTableReader& lines);
    void flush();

    const Image& image_;
    std::size_t wanted_;    // tests that may still come out
    std::size_t attempts_;  // tests that may still be noted, those of blocks that run included
    std::size_t omitted_ = 0;
    bool noting_ = false;
    std::uint32_t address_ = 0;
    std::uint32_t condition_end_ = 0;  // where the block begins of the condition that is tested
    unsigned rule_line_ = 0;
    TestRecord current_;
    std::vector<TestRecord> pending_;
    std::vector<UntrueRule> rules_;
};

}  // namespace sieve
