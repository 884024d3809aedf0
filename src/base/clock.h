// SPDX-License-Identifier: MIT
// Wall time behind a seam, so that tests choose it; and the watch that notices when it jumps.
// Deadlines and periods inside a process never use wall time but std::chrono::steady_clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace base {

using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual WallTime now() const = 0;
};

// The machine's clock (CLOCK_REALTIME).
const Clock& system_clock();

// Compares wall time with the monotonic clock at each look. Not thread-safe.
class JumpWatch {
  public:
    // The line to log (Dovecot's wording, compat 8.1) when wall time has moved backwards, or jumped
    // forwards by more than 10 seconds, since the last look; nothing otherwise. Nobody stops or
    // sleeps for it.
    std::optional<std::string> look(WallTime wall, std::chrono::steady_clock::time_point steady);

  private:
    std::optional<WallTime> last_wall_;
    std::chrono::steady_clock::time_point last_steady_;
};

}  // namespace base
