// SPDX-License-Identifier: MIT
#include "memory/backend.h"

#include <catch2/catch.hpp>

#include <chrono>

TEST_CASE("mistakes in tamis_memory are told") {
    const auto error = [](std::string_view setting) {
        auto made = memory::make_backend(setting);
        return made ? std::string() : made.error();
    };
    CHECK(error("redis:").empty());
    CHECK(error("redis:host=127.0.0.1:port=6380:db=2:prefix=x").empty());
    CHECK(error("pgsql:host=/run/postgresql dbname=mail timeout_msecs=500").empty());
    CHECK(error("frop:x") ==
          "tamis_memory: 'frop' is no kind of memory: sqlite, redis and pgsql are");
    CHECK(error("redis:frop") == "tamis_memory: 'frop' is no KEY=VALUE");
    CHECK(error("redis:frop=1") == "tamis_memory: redis has no 'frop'");
    CHECK(error("redis:port=many") == "tamis_memory: port 'many' is no number");
    CHECK(error("redis:timeout_msecs=0") ==
          "tamis_memory: timeout_msecs is no number of milliseconds");
    CHECK(error("pgsql:timeout_msecs=x dbname=y") ==
          "tamis_memory: timeout_msecs is no number of milliseconds");
}

TEST_CASE("a server that is not there remembers nothing, says so, and is not asked again at once") {
    for (const char* setting :
         {"redis:path=/nowhere/redis.sock", "pgsql:host=/nowhere dbname=mail"}) {
        CAPTURE(setting);
        auto backend = memory::make_backend(setting).value();
        const auto memory = backend->of("user");
        CHECK_FALSE(memory->remembers("a"));
        CHECK_FALSE(memory->complaint().empty());
        CHECK(memory->complaint().empty());
        CHECK_FALSE(memory->claim("a"));
        CHECK_FALSE(memory->remember("a", std::chrono::seconds(10)));
        CHECK(memory->complaint().find("not asked") != std::string::npos);
    }
}
