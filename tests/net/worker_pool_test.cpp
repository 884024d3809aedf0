// SPDX-License-Identifier: MIT
#include "net/worker_pool.h"

#include <atomic>
#include <barrier>
#include <future>

TEST_CASE("every job runs, also those that wait when the pool ends") {
    std::atomic<int> count = 0;
    {
        net::WorkerPool pool(2);
        for (int i = 0; i < 1000; ++i)
            pool.run([&count] { ++count; });
    }
    CHECK(count == 1000);
}

TEST_CASE("as many jobs run at once as the pool has threads") {
    std::barrier all(4);  // would wait for ever if one of the four had to wait for another
    {
        net::WorkerPool pool(4);
        for (int i = 0; i < 4; ++i)
            pool.run([&all] { all.arrive_and_wait(); });
    }
    SUCCEED();
}

TEST_CASE("an idle pool has let go of its jobs") {
    net::WorkerPool pool(2);
    auto held = std::make_shared<std::atomic<int>>(0);
    for (int i = 0; i < 100; ++i)
        pool.run([held] { ++*held; });
    pool.wait_until_idle();
    CHECK(*held == 100);
    CHECK(held.use_count() == 1);
}
