// SPDX-License-Identifier: MIT
#include "../deliver/temporary_directory.h"
#include "base/clock.h"
#include "memory/memory.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sys/stat.h>
#include <thread>

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
        const auto memory = memory::sqlite_memory(path, clock, [] {});
        CHECK_FALSE(memory->remembers("a"));
        memory->remember("a", seconds(100));
        CHECK(memory->remembers("a"));
        CHECK_FALSE(memory->remembers("b"));
        CHECK(memory->complaint().empty());
    }
    const auto memory = memory::sqlite_memory(path, clock, [] {});
    clock.time += seconds(99);
    CHECK(memory->remembers("a"));
    clock.time += seconds(1);
    CHECK_FALSE(memory->remembers("a"));
}

TEST_CASE("asking makes no file; remembering makes one that only its owner reads") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("memory.sqlite");
    const auto memory = memory::sqlite_memory(path, clock, [] {});
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
    const auto memory = memory::sqlite_memory(directory.at("m"), clock, [] {});
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
    const auto memory = memory::sqlite_memory(directory.at("m"), clock, [] {});
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
    const auto memory = memory::sqlite_memory(path, clock, [] {});
    CHECK_FALSE(memory->remembers("a"));
    CHECK_FALSE(memory->complaint().empty());
    memory->remember("a", seconds(10));
    CHECK(memory->remembers("a"));
}

TEST_CASE("a database that is damaged further in is put aside, said, and begun anew") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("m");
    {
        const auto memory = memory::sqlite_memory(path, clock, [] {});
        for (int i = 0; i < 500; ++i)
            memory->remember("some id " + std::to_string(i), seconds(1000));
    }
    std::string bytes = directory.read("m");
    REQUIRE(bytes.size() > 3 * 4096);
    bytes.replace(4096, bytes.size() - 4096, bytes.size() - 4096, 'x');
    directory.write("m", bytes);
    const auto memory = memory::sqlite_memory(path, clock, [] {});
    const bool asked_first = GENERATE(true, false);
    if (asked_first) CHECK_FALSE(memory->remembers("some id 1"));
    CHECK(memory->remember("a", seconds(10)));
    CHECK(
        memory->complaint().ends_with("; it was put aside as " + path + ".corrupt and begun anew"));
    CHECK(memory->remembers("a"));
    CHECK(directory.read("m.corrupt") == bytes);
    CHECK(memory::sqlite_memory(path, clock, [] {})->remembers("a"));
}

TEST_CASE("what is forgotten is not remembered") {
    const TemporaryDirectory directory;
    SetClock clock;
    const auto memory = memory::sqlite_memory(directory.at("m"), clock, [] {});
    CHECK(memory->remember("a", seconds(10)));
    CHECK(memory->remember("b", seconds(10)));
    memory->forget("a");
    CHECK_FALSE(memory->remembers("a"));
    CHECK(memory->remembers("b"));
}

TEST_CASE("a directory that does not exist remembers nothing and says so") {
    SetClock clock;
    const auto memory = memory::sqlite_memory("/nonexistent/memory", clock, [] {});
    CHECK_FALSE(memory->remember("a", seconds(10)));
    CHECK_FALSE(memory->remembers("a"));
    CHECK_FALSE(memory->complaint().empty());
    CHECK(memory->complaint().empty());
}

TEST_CASE("who claims an id is waited for by the next, and then known to it") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("m");
    auto first = memory::sqlite_memory(path, clock, [] {});
    CHECK_FALSE(first->claim("a"));
    CHECK_FALSE(first->claim("a"));
    std::thread second([&] {
        const auto memory = memory::sqlite_memory(path, clock, [] {});
        CHECK_FALSE(memory->claim("b"));
        CHECK(memory->claim("a"));
    });
    first->remember("a", seconds(100));
    first.reset();
    second.join();
}

TEST_CASE("a missing directory is made at the first claim or remembering") {
    const TemporaryDirectory directory;
    SetClock clock;
    const auto make = [&] { std::filesystem::create_directory(directory.at("d")); };
    const auto memory = memory::sqlite_memory(directory.at("d/m"), clock, make);
    SECTION("claim") {
        CHECK_FALSE(memory->claim("a"));
    }
    CHECK(memory->remember("a", seconds(100)));
    CHECK(memory->complaint().empty());
}
