// SPDX-License-Identifier: MIT
#include "../deliver/temporary_directory.h"
#include "base/clock.h"
#include "memory/memory.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>

using std::chrono::seconds;

namespace {

class SetClock final : public base::Clock {
  public:
    base::WallTime now() const override { return time; }
    base::WallTime time{seconds(1'000'000)};
};

}  // namespace

TEST_CASE("an id is remembered until its period is over, also by another object") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("memory.sqlite");
    {
        const auto memory = memory::sqlite_memory(path, clock);
        CHECK_FALSE(memory->remembers("a"));
        memory->remember("a", seconds(100));
        CHECK(memory->remembers("a"));
        CHECK_FALSE(memory->remembers("b"));
        CHECK(memory->complaint().empty());
    }
    const auto memory = memory::sqlite_memory(path, clock);
    clock.time += seconds(99);
    CHECK(memory->remembers("a"));
    clock.time += seconds(1);
    CHECK_FALSE(memory->remembers("a"));
}

TEST_CASE("asking makes no file; remembering makes one that only its owner reads") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("memory.sqlite");
    const auto memory = memory::sqlite_memory(path, clock);
    CHECK_FALSE(memory->remembers("a"));
    struct stat status {};
    CHECK(::stat(path.c_str(), &status) != 0);
    memory->remember("a", seconds(10));
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("the later end counts, whichever came first") {
    const TemporaryDirectory directory;
    SetClock clock;
    const auto memory = memory::sqlite_memory(directory.at("m"), clock);
    memory->remember("a", seconds(100));
    memory->remember("a", seconds(10));
    clock.time += seconds(50);
    CHECK(memory->remembers("a"));
    memory->remember("a", seconds(100));
    clock.time += seconds(99);
    CHECK(memory->remembers("a"));
}

TEST_CASE("ids are bytes") {
    const TemporaryDirectory directory;
    SetClock clock;
    const auto memory = memory::sqlite_memory(directory.at("m"), clock);
    memory->remember(std::string_view("a\0b", 3), seconds(10));
    CHECK(memory->remembers(std::string_view("a\0b", 3)));
    CHECK_FALSE(memory->remembers("a"));
}

TEST_CASE("a file that is no database is put aside and said") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path =
        directory.write("m",
                        "this is certainly not a database, and longer than a header is: "
                        "0123456789012345678901234567890123456789012345678901234567890123456");
    const auto memory = memory::sqlite_memory(path, clock);
    CHECK_FALSE(memory->remembers("a"));
    CHECK_FALSE(memory->complaint().empty());
    memory->remember("a", seconds(10));
    CHECK(memory->remembers("a"));
}

TEST_CASE("a directory that does not exist remembers nothing and says so") {
    SetClock clock;
    const auto memory = memory::sqlite_memory("/nonexistent/memory", clock);
    memory->remember("a", seconds(10));
    CHECK_FALSE(memory->remembers("a"));
    CHECK_FALSE(memory->complaint().empty());
    CHECK(memory->complaint().empty());
}
