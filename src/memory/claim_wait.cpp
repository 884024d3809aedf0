// SPDX-License-Identifier: MIT
#include "memory/claim_wait.h"

#include <algorithm>
#include <thread>

namespace memory {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds first_pause{1};
constexpr std::chrono::milliseconds longest_pause{50};
constexpr std::chrono::milliseconds short_wait{200};  // what some deliveries at once need

}  // namespace

bool ClaimWait::until(const std::function<bool()>& try_take) {
    const Steady::time_point begin = Steady::now();
    const std::chrono::milliseconds before = waited_;
    base::WaitingSlots::Slot slot;
    for (auto pause = first_pause; !try_take(); pause = std::min(pause * 2, longest_pause)) {
        if (waited_ >= waiting_.patience) return false;
        if (!slot && waiting_.slots != nullptr && waited_ >= short_wait) {
            slot = waiting_.slots->take();
            if (!slot) throw TooManyWaiting();
        }
        std::this_thread::sleep_for(pause);
        waited_ =
            before + std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin);
    }
    return true;
}

}  // namespace memory
