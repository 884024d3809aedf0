// SPDX-License-Identifier: MIT
// A run of plain values in an arena: what trees and bound calls are made of.
#pragma once

#include "sieve/arena.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace sieve {

// Copies are of the same values: only one of them may grow.
template <typename T>
class Sequence {
  public:
    // A new one in its place, until another is added.
    T& add(Arena& arena) {
        if (size_ == room_) reserve(arena, room_ == 0 ? 1 : std::size_t{room_} * 2);
        return *std::construct_at(begin_ + size_++);
    }
    void add(Arena& arena, const T& value) { add(arena) = value; }
    void reserve(Arena& arena, std::size_t room) {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        static_assert(alignof(T) <= Arena::alignment);
        if (room <= room_) return;
        T* const larger = static_cast<T*>(arena.room(room * sizeof(T)));
        std::uninitialized_copy_n(begin_, size_, larger);
        begin_ = larger;
        room_ = static_cast<std::uint32_t>(room);
    }
    void drop_last() { --size_; }
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
