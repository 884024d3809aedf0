// SPDX-License-Identifier: MIT
// The text that a program was compiled from, for the record of what decided: lines are quoted as
// they were when they decided, whatever the file holds later. Immutable; threads share it.
#pragma once

#include "sieve/diagnostic.h"
#include "sieve/program/binary.h"

#include <string>
#include <utility>

namespace deliver {

class ScriptSource {
  public:
    ScriptSource(std::string text, const sieve::SourceHash& hash)
        : text_(std::move(text)), map_(text_), hash_(hash) {}
    ScriptSource(const ScriptSource&) = delete;
    ScriptSource& operator=(const ScriptSource&) = delete;

    // Without the blanks around it, at most max_line_bytes; empty where there is none. As it
    // stands: it may hold anything.
    std::string line(unsigned number) const;
    const std::string& text() const { return text_; }
    const sieve::SourceHash& hash() const { return hash_; }

    static constexpr std::size_t max_line_bytes = 120;

  private:
    std::string text_;
    sieve::SourceMap map_;
    sieve::SourceHash hash_;
};

}  // namespace deliver
