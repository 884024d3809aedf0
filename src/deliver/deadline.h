// SPDX-License-Identifier: MIT
// When a delivery must have ended (lda_timeout), and the line that it crosses before the first
// thing that others can see: a message in a mailbox, a program that sends. Until then whoever
// watches the clock may end the process, and the MTA still has the message; from then on only the
// delivery itself knows what can be taken back, so it runs to its end with what time is left for
// its commands. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>

namespace deliver {

class Deadline {
  public:
    // None.
    Deadline() = default;
    // From now; 0: none.
    explicit Deadline(std::chrono::milliseconds limit) {
        if (limit.count() > 0) end_ = std::chrono::steady_clock::now() + limit;
    }

    std::optional<std::chrono::steady_clock::time_point> end() const { return end_; }
    bool is_over() const { return end_ && std::chrono::steady_clock::now() >= *end_; }
    // A command's own time limit (0: none), cut to what is left; ask is_over() first.
    std::chrono::milliseconds cut(std::chrono::milliseconds limit) const {
        if (!end_) return limit;
        const auto left = std::max(std::chrono::milliseconds(1),
                                   std::chrono::duration_cast<std::chrono::milliseconds>(
                                       *end_ - std::chrono::steady_clock::now()));
        return limit.count() == 0 ? left : std::min(limit, left);
    }

    // Before the first effect. False: the process is being ended, nothing more may be done.
    [[nodiscard]] bool begin_effects() {
        State before = State::open;
        return state_.compare_exchange_strong(before, State::effects) || before == State::effects;
    }
    // By the watch. True: nothing was done that others can see, and nothing will be.
    [[nodiscard]] bool expire() {
        State before = State::open;
        return state_.compare_exchange_strong(before, State::expired) || before == State::expired;
    }

  private:
    enum class State { open, effects, expired };
    std::optional<std::chrono::steady_clock::time_point> end_;
    std::atomic<State> state_ = State::open;
};

}  // namespace deliver
