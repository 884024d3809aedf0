// SPDX-License-Identifier: MIT
#include "base/clock.h"

#include <fmt/core.h>

namespace base {
namespace {

class SystemClock final : public Clock {
  public:
    WallTime now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now());
    }
};

constexpr std::chrono::seconds forward_tolerance{10};
// Clocks are disciplined by slewing; a difference this small is no jump.
constexpr std::chrono::milliseconds backward_tolerance{100};

std::string seconds_text(std::chrono::microseconds amount) {
    return fmt::format("{}.{:06}", amount.count() / 1000000, amount.count() % 1000000);
}

}  // namespace

const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

std::optional<std::string> JumpWatch::look(WallTime wall,
                                           std::chrono::steady_clock::time_point steady) {
    std::optional<std::string> line;
    if (last_wall_) {
        auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(steady - last_steady_);
        std::chrono::microseconds jump = wall - *last_wall_ - elapsed;
        if (jump < -backward_tolerance) {
            line = "Time moved backwards by " + seconds_text(-jump) + " seconds.";
        } else if (jump > forward_tolerance) {
            line = "Time jumped forwards " + seconds_text(jump) + " seconds";
        }
    }
    last_wall_ = wall;
    last_steady_ = steady;
    return line;
}

}  // namespace base
