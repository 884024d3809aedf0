// SPDX-License-Identifier: MIT
// How many deliveries of a process may wait for mail programs and servers at once. Worker threads
// that wait for them are missing for everybody else's mail: whoever gets no slot in a moment has
// failed for now, and the MTA comes again. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace deliver {

class SendingSlots {
  public:
    // For 24 worker threads (net::WorkerPool): at most 12 send and 4 wait for that, so 8 are left.
    static constexpr std::size_t default_slots = 12;
    static constexpr std::size_t max_waiting = 4;
    static constexpr std::chrono::milliseconds default_patience{2000};

    explicit SendingSlots(std::size_t slots = default_slots,
                          std::chrono::milliseconds patience = default_patience)
        : free_(slots), patience_(patience) {}

    struct GiveBack {
        void operator()(SendingSlots* slots) const { slots->give_back(); }
    };
    // Held while it lives; the slots outlive it.
    using Slot = std::unique_ptr<SendingSlots, GiveBack>;

    // Empty: none has become free within the patience.
    Slot take() {
        std::unique_lock lock(mutex_);
        if (free_ == 0) {
            if (waiting_ == max_waiting) return {};
            ++waiting_;
            freed_.wait_for(lock, patience_, [this] { return free_ > 0; });
            --waiting_;
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

    std::mutex mutex_;
    std::condition_variable freed_;
    std::size_t free_;
    std::size_t waiting_ = 0;
    const std::chrono::milliseconds patience_;
};

}  // namespace deliver
