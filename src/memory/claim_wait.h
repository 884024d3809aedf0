// SPDX-License-Identifier: MIT
// How a delivery waits for others that claimed the same id, whatever keeps the claims: a file's
// locks, Redis, PostgreSQL. One thread an object.
#pragma once

#include "memory/memory.h"

#include <chrono>
#include <functional>

namespace memory {

// What a complaint says where the patience was over.
inline constexpr const char* takes_long = "another delivery of the same takes long, not waited for";

class ClaimWait {
  public:
    explicit ClaimWait(Waiting waiting) : waiting_(waiting) {}

    // Asks until `try_take` answers true; false: the patience is over, and the delivery goes on
    // without. Throws TooManyWaiting where there is no slot.
    bool until(const std::function<bool()>& try_take);

  private:
    Waiting waiting_;
    std::chrono::milliseconds waited_{0};
};

}  // namespace memory
