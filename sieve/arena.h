// SPDX-License-Identifier: MIT
// Memory that goes all at once, for what the compiler makes of a command, tree and bound calls
// alike: so a script of thousands of rules costs neither an allocation nor a destructor for each of
// its words.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

class Arena {
  public:
    // Room for so many octets, aligned for all that there is in trees.
    void* room(std::size_t octets) {
        octets = (octets + alignment - 1) / alignment * alignment;
        if (octets > static_cast<std::size_t>(end_ - next_)) add_block(octets);
        return std::exchange(next_, next_ + octets);
    }
    // The text where it lives as long as the other things.
    std::string_view keep(std::string_view text) {
        char* const copy = static_cast<char*>(room(text.size()));
        std::ranges::copy(text, copy);
        return {copy, text.size()};
    }
    // All that is in it is gone; its first block is used again.
    void reset() {
        if (blocks_.empty()) return;
        blocks_.resize(1);
        next_ = blocks_[0].get();
        end_ = next_ + first_block;
    }

    static constexpr std::size_t alignment = 8;

  private:
    // What is made of a command fits into the first as a rule.
    static constexpr std::size_t first_block = std::size_t{16} * 1024;

    void add_block(std::size_t octets) {
        const std::size_t size = blocks_.empty() ? first_block : 16 * first_block;
        blocks_.emplace_back(new std::byte[std::max(size, octets)]);
        next_ = blocks_.back().get();
        end_ = next_ + std::max(size, octets);
    }

    std::vector<std::unique_ptr<std::byte[]>> blocks_;
    std::byte* next_ = nullptr;
    std::byte* end_ = nullptr;
};

}  // namespace sieve
