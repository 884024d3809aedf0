// SPDX-License-Identifier: MIT
// Result<T, E>: a value, or the error that the field names. The interface is a subset of
// std::expected, so that it can be replaced by it. What nobody planned is an exception instead
// (base/error.h).
#pragma once

#include <utility>
#include <variant>

namespace base {

template <typename E>
struct Unexpected {
    E error;
};
template <typename E>
Unexpected(E) -> Unexpected<E>;

template <typename T, typename E>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    template <typename G>
    Result(Unexpected<G> unexpected)
        : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }
    // Precondition of the next six: has_value(), or !has_value() for error().
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    E& error() & { return std::get<1>(state_); }
    const E& error() const& { return std::get<1>(state_); }

  private:
    std::variant<T, E> state_;
};

}  // namespace base
