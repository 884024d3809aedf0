// SPDX-License-Identifier: MIT
#include "../deliver/temporary_directory.h"
#include "base/clock.h"
#include "memory/memory.h"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using std::chrono::seconds;

namespace {

class SetClock final : public base::Clock {
  public:
    base::WallTime now() const override { return time; }
    base::WallTime time{seconds(1'000'000)};
};

bool remember_all(memory::Memory& memory, const std::vector<std::string>& names, seconds period) {
    std::vector<memory::Remembered> all;
    for (const std::string& name : names)
        all.push_back({name, period});
    return memory.remember(all);
}

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
        std::vector<std::string> names;
        for (int i = 0; i < 500; ++i)
            names.push_back("some id " + std::to_string(i));
        remember_all(*memory, names, seconds(1000));
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

TEST_CASE("processes and threads that remember at once lose nothing") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("m");
    constexpr int processes = 3;
    constexpr int threads = 4;
    constexpr int ids = 12;
    const auto name = [](int process, int thread, int id) {
        return std::to_string(process) + ' ' + std::to_string(thread) + ' ' + std::to_string(id);
    };
    std::vector<pid_t> children;
    for (int process = 0; process < processes; ++process) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child != 0) {
            children.push_back(child);
            continue;
        }
        std::vector<std::thread> running;
        std::atomic<bool> well{true};
        for (int thread = 0; thread < threads; ++thread)
            running.emplace_back([&, thread] {
                for (int id = 0; id < ids; ++id) {
                    const auto memory = memory::sqlite_memory(path, clock, [] {});
                    if (!memory->remember(name(process, thread, id), seconds(100))) well = false;
                }
            });
        for (std::thread& each : running)
            each.join();
        ::_exit(well ? 0 : 1);
    }
    for (const pid_t child : children) {
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    const auto memory = memory::sqlite_memory(path, clock, [] {});
    for (int process = 0; process < processes; ++process)
        for (int thread = 0; thread < threads; ++thread)
            for (int id = 0; id < ids; ++id)
                CHECK(memory->remembers(name(process, thread, id)));
    CHECK(memory->complaint().empty());
}

TEST_CASE("a writer that holds the file is waited for once, not at each question") {
    const TemporaryDirectory directory;
    SetClock clock;
    const std::string path = directory.at("m");
    CHECK(memory::sqlite_memory(path, clock, [] {})->remember("a", seconds(100)));
    sqlite3* other = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &other) == SQLITE_OK);
    REQUIRE(::sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    constexpr std::chrono::milliseconds patience{500};
    const auto memory = memory::sqlite_memory(path, clock, [] {}, {.patience = patience});
    const auto begin = std::chrono::steady_clock::now();
    for (const char* const id : {"b", "c", "d", "e"})
        CHECK_FALSE(memory->remember(id, seconds(100)));
    CHECK(std::chrono::steady_clock::now() - begin < 3 * patience);
    CHECK(memory->complaint() == path + ": database is locked");
    CHECK(memory->remembers("a"));
    ::sqlite3_close(other);
    CHECK(memory->remember("b", seconds(100)));
}

TEST_CASE("many ids are remembered together") {
    const TemporaryDirectory directory;
    SetClock clock;
    const auto memory = memory::sqlite_memory(directory.at("m"), clock, [] {});
    std::vector<std::string> names;
    for (int i = 0; i < 3000; ++i)
        names.push_back("id " + std::to_string(i));
    CHECK(remember_all(*memory, names, seconds(100)));
    CHECK(remember_all(*memory, {names[0], names[0]}, seconds(200)));
    CHECK(memory->remembers("id 2999"));
    clock.time += seconds(150);
    CHECK(memory->remembers("id 0"));
    CHECK_FALSE(memory->remembers("id 1"));
}
