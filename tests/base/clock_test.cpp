// SPDX-License-Identifier: MIT
#include "base/clock.h"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("a step of wall time is reported once, in Dovecot's words") {
    base::JumpWatch watch;
    base::WallTime wall{1000s};
    std::chrono::steady_clock::time_point steady{50s};
    CHECK(!watch.look(wall, steady));
    CHECK(!watch.look(wall + 100s, steady + 100s));
    CHECK(watch.look(wall + 91s, steady + 100s) == "Time moved backwards by 9.000000 seconds.");
    CHECK(!watch.look(wall + 92s, steady + 101s));
    CHECK(!watch.look(wall + 100s, steady + 101s));
    CHECK(watch.look(wall + 3700s, steady + 101s) == "Time jumped forwards 3600.000000 seconds");
}
