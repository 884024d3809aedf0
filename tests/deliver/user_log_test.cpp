// SPDX-License-Identifier: MIT
#include "deliver/user_log.h"

#include "temporary_directory.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sys/stat.h>

using deliver::UserLog;

namespace {

class FixedClock final : public base::Clock {
  public:
    base::WallTime now() const override {
        return base::WallTime(std::chrono::seconds(1'795'555'586));
    }
};

}  // namespace

TEST_CASE("the user's log begins with the time and is the user's alone (sieve-compat 3.5)") {
    const TemporaryDirectory directory;
    const FixedClock clock;
    UserLog log(directory.at("x.log"), clock);
    CHECK_FALSE(std::filesystem::exists(directory.at("x.log")));
    log.write("frop: line 1: error: unknown command 'foo'");
    log.write("frop: error: validation failed");
    const std::string text = directory.read("x.log");
    CHECK(text.starts_with("sieve: info: started log at 2026-11-2"));
    CHECK(text.substr(text.find('\n') + 1) ==
          "frop: line 1: error: unknown command 'foo'.\nfrop: error: validation failed.\n");
    struct stat status {};
    REQUIRE(::stat(directory.at("x.log").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a log of 10 KiB is put aside, a smaller one goes on") {
    const TemporaryDirectory directory;
    const FixedClock clock;
    const std::size_t size = GENERATE(UserLog::rotate_bytes - 1, UserLog::rotate_bytes);
    directory.write("x.log", std::string(size, 'x'));
    UserLog(directory.at("x.log"), clock).write("error: new");
    const bool rotated = std::filesystem::exists(directory.at("x.log.0"));
    CHECK(rotated == (size == UserLog::rotate_bytes));
    CHECK(directory.read("x.log").ends_with("error: new.\n"));
}

TEST_CASE("one delivery writes thirty lines at most, and none can be forged") {
    const TemporaryDirectory directory;
    const FixedClock clock;
    UserLog log(directory.at("x.log"), clock);
    for (int i = 0; i < 100; ++i)
        log.write("error: a\nb");
    const std::string text = directory.read("x.log");
    CHECK(std::count(text.begin(), text.end(), '\n') == 31);
    CHECK(text.find("error: a?b.\n") != std::string::npos);
}

TEST_CASE("a log that cannot be written is passed over") {
    const FixedClock clock;
    UserLog log("/nonexistent/x.log", clock);
    log.write("error: x");
    UserLog none("", clock);
    none.write("error: x");
}
