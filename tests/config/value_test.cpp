// SPDX-License-Identifier: MIT
#include "config/value.h"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("sizes are 1024-based, the unit may be spelt out") {
    CHECK(*config::parse_size("2 G") == 2ull << 30);
    CHECK(*config::parse_size("1MiB") == 1ull << 20);
    CHECK(*config::parse_size("512") == 512);
    CHECK(*config::parse_size("18446744073709551615 B") == 18446744073709551615ull);
    CHECK(config::parse_size("99999999999G").error() == "Size is too large: 99999999999G");
    CHECK(config::parse_size("1X").error() == "Invalid size: 1X");
    CHECK(!config::parse_size("-1"));
}

TEST_CASE("times need a unit, which may be cut short") {
    auto time = [](std::string_view text) {
        return *config::parse_time(text, config::Milliseconds::refused);
    };
    CHECK(time("5m") == 5min);
    CHECK(time("1 weeks") == 168h);
    CHECK(time("30 SECS") == 30s);
    CHECK(time("2000 msecs") == 2s);
    CHECK(time("0") == 0s);
    CHECK(config::parse_time("5 lightyears", config::Milliseconds::refused).error() ==
          "Invalid time interval: 5 lightyears");
    CHECK(config::parse_time("1 msecs", config::Milliseconds::refused).error() ==
          "Milliseconds not supported for this setting: 1 msecs");
    CHECK(*config::parse_time("1 msecs", config::Milliseconds::allowed) == 1ms);
}

TEST_CASE("a mode is octal only with a leading zero") {
    CHECK(*config::parse_mode("0600") == 0600u);
    CHECK(*config::parse_mode("9") == 9u);
    CHECK(!config::parse_mode("0900"));
}

TEST_CASE("booleans are yes, y, 1 and no") {
    CHECK(*config::parse_boolean("YES"));
    CHECK(*config::parse_boolean("1"));
    CHECK(!*config::parse_boolean("No"));
    for (std::string_view bad : {"0", "n", "true", ""})
        CHECK(!config::parse_boolean(bad));
}
