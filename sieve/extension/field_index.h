// SPDX-License-Identifier: MIT
// Which of several fields of one name a test looks at (RFC 5260 §6): all, or the one that :index
// and :last say.
#pragma once

#include "sieve/machine/arguments.h"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

namespace sieve {

// The first and the one behind the last of `count` fields; equal where none is meant.
std::pair<std::size_t, std::size_t> selected(const Arguments& arguments, std::size_t count);

// The same for a list of names (Slot::first), whose fields are counted one name after the other.
class FieldWindow {
  public:
    // `fields_of` says how many fields a name has; it is asked only where there is an :index.
    template <typename FieldsOf>
    FieldWindow(const Arguments& arguments, FieldsOf fields_of)
        : limited_(arguments.has(Slot::index)) {
        if (!limited_) return;
        std::size_t total = 0;
        for (StringRef name : arguments.list(Slot::first))
            total += fields_of(name);
        std::tie(begin_, end_) = selected(arguments, total);
    }

    // What is meant of the next name's `count` fields.
    std::pair<std::size_t, std::size_t> next(std::size_t count) {
        if (!limited_) return {0, count};
        const std::pair part(std::min(begin_, count), std::min(end_, count));
        begin_ -= part.first;
        end_ -= part.second;
        return part;
    }

  private:
    bool limited_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace sieve
