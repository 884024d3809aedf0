// SPDX-License-Identifier: MIT
// What the compiler makes of a command, tree and bound calls alike: plain values in memory that
// goes all at once. A script of thousands of rules so costs neither an allocation nor a destructor
// for each word of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string_view>
#include <type_traits>

namespace sieve {

// Gives nothing back before its release() or end.
using Arena = std::pmr::monotonic_buffer_resource;

// The text where it lives as long as the arena's other things.
inline std::string_view keep(Arena& arena, std::string_view text) {
    char* const copy = static_cast<char*>(arena.allocate(text.size(), 1));
    std::ranges::copy(text, copy);
    return {copy, text.size()};
}

// A run of values that lie in an arena. Copies are of the same values: only one of them may grow.
template <typename T>
class Sequence {
  public:
    // Its place, until another is added.
    T& add(Arena& arena, const T& value = {}) {
        if (size_ == room_) reserve(arena, room_ == 0 ? 1 : std::size_t{room_} * 2);
        return *std::construct_at(begin_ + size_++, value);
    }
    void reserve(Arena& arena, std::size_t room) {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        if (room <= room_) return;
        T* const larger = static_cast<T*>(arena.allocate(room * sizeof(T), alignof(T)));
        std::uninitialized_copy_n(begin_, size_, larger);
        begin_ = larger;
        room_ = static_cast<std::uint32_t>(room);
    }
    void clear() { size_ = 0; }

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    T* begin() { return begin_; }
    T* end() { return begin_ + size_; }
    T* data() { return begin_; }
    T& operator[](std::size_t i) { return begin_[i]; }
    T& front() { return begin_[0]; }
    T& back() { return begin_[size_ - 1]; }
    const T* begin() const { return begin_; }
    const T* end() const { return begin_ + size_; }
    const T* data() const { return begin_; }
    const T& operator[](std::size_t i) const { return begin_[i]; }
    const T& front() const { return begin_[0]; }
    const T& back() const { return begin_[size_ - 1]; }

  private:
    T* begin_ = nullptr;
    std::uint32_t size_ = 0;
    std::uint32_t room_ = 0;
};

}  // namespace sieve
