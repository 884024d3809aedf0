// SPDX-License-Identifier: MIT
// How many threads of a process may wait at once for one kind of thing that may take long: a mail
// program, a lock of somebody else. Worker threads that wait are missing for everybody else's mail:
// whoever gets no slot in a moment has failed for now, and the MTA comes again. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace base {

class WaitingSlots {
  public:
    // How many hold one, how many more wait for one, and for how long.
    struct Bounds {
        std::size_t slots;
        std::size_t queue;
        std::chrono::milliseconds patience;
        constexpr std::size_t threads() const { return slots + queue; }
    };

    explicit WaitingSlots(Bounds bounds) : bounds_(bounds), free_(bounds.slots) {}

    struct GiveBack {
        void operator()(WaitingSlots* slots) const { slots->give_back(); }
    };
    // Held while it lives; the slots outlive it.
    using Slot = std::unique_ptr<WaitingSlots, GiveBack>;

    // Empty: none has become free within the patience.
    Slot take() {
        std::unique_lock lock(mutex_);
        if (free_ == 0) {
            if (queued_ == bounds_.queue) return {};
            ++queued_;
            freed_.wait_for(lock, bounds_.patience, [this] { return free_ > 0; });
            --queued_;
        }
        if (free_ == 0) return {};
        --free_;
        return Slot(this);
    }

  private:
    void give_back() {
        {
            std::lock_guard lock(mutex_);
            ++free_;
        }
        freed_.notify_one();
    }

    const Bounds bounds_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::size_t free_;
    std::size_t queued_ = 0;
};

}  // namespace base
