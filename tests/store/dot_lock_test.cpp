// SPDX-License-Identifier: MIT
#include "store/dot_lock.h"

#include "base/waiting_slots.h"
#include "store/disk.h"
#include "tests/store/faulty_files.h"
#include "tests/store/scratch.h"

#include <catch2/catch.hpp>

#include <thread>

namespace store {
using testing::names_in;
using testing::read_whole;
using testing::write_whole;

namespace {

struct World {
    testing::Scratch scratch;
    testing::FaultyFiles files;
    testing::SetClock clock;
    Syncer sync{files};
    MessageNames names{clock, "host", "5"};
    Disk disk{files, sync, names, clock};
    std::string file = scratch.path() + "/file";

    // As a waiter does that takes the holder for dead.
    void take_over() {
        std::filesystem::remove(file + ".lock");
        write_whole(file + ".lock", "another's");
    }
};

}  // namespace

TEST_CASE("a lock that others took over is left to them") {
    World world;
    {
        DotLock lock(world.disk, world.file, {}, {});
        world.take_over();
    }
    CHECK(read_whole(world.file + ".lock") == "another's");
}

TEST_CASE("what was written in a lock that others took over replaces nothing") {
    World world;
    write_whole(world.file, "old");
    {
        DotLock lock(world.disk, world.file, {}, {});
        world.take_over();
        CHECK_THROWS_WITH(lock.replace("new", false), Catch::Contains("Lost the lock"));
    }
    CHECK(read_whole(world.file) == "old");
    CHECK(read_whole(world.file + ".lock") == "another's");
}

TEST_CASE("a short wait needs no slot; where too many wait long already, the lock is given up") {
    World world;
    base::WaitingSlots slots({1, 0, std::chrono::milliseconds(0)});
    world.disk.lock_waiters = &slots;
    const auto taken = slots.take();
    write_whole(world.file + ".lock", "");
    SECTION("short") {
        std::thread holder([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            std::filesystem::remove(world.file + ".lock");
        });
        DotLock lock(world.disk, world.file, {}, {});
        holder.join();
    }
    SECTION("long") {
        CHECK_THROWS_WITH(DotLock(world.disk, world.file, {}, {}),
                          Catch::Contains("Too many deliveries are waiting for locks"));
    }
}

}  // namespace store
