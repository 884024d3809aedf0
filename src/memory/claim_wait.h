// SPDX-License-Identifier: MIT
// How a delivery waits for others that claimed the same id, whatever keeps the claims: a file's
// locks, Redis, PostgreSQL. One thread an object.
#pragma once

#include "base/waiting_slots.h"
#include "memory/memory.h"

#include <chrono>
#include <functional>

namespace memory {

// What a complaint says where the patience was over.
inline constexpr const char* takes_long = "another delivery of the same takes long, not waited for";

class ClaimWait {
  public:
    // For all waits of an object together: how long one delivery may be held up by others.
    static constexpr std::chrono::milliseconds patience{5000};

    // Who waits for longer than a moment holds one of `waiters`' slots meanwhile, so that the
    // copies of one message do not take all threads; null: no bound.
    explicit ClaimWait(base::WaitingSlots* waiters) : waiters_(waiters) {}

    // Asks until `try_take` answers true; false: the patience is over, and the delivery goes on
    // without. Throws TooManyWaiting where there is no slot.
    bool until(const std::function<bool()>& try_take);

  private:
    base::WaitingSlots* waiters_;
    std::chrono::milliseconds waited_{0};
};

}  // namespace memory
