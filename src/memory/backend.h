// SPDX-License-Identifier: MIT
// Where the memories of all users are: in a file of each (memory/memory.h), or on a server that
// deliveries of several hosts share. Thread-safe; lives as long as the memories that it gives.
#pragma once

#include "base/result.h"
#include "memory/memory.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace memory {

class Backend {
  public:
    virtual ~Backend() = default;
    // A server is asked at the first question. One that does not answer in time is not asked again
    // for some seconds: deliveries go on without.
    virtual std::unique_ptr<Memory> of(std::string_view owner, Waiting waiting = {}) = 0;
};

// tamis_memory: "redis:KEY=VALUE:..." with host, port, path (of a socket), db, password, prefix and
// timeout_msecs; "pgsql:CONNINFO" of libpq, with timeout_msecs among its words. The error is for
// the log and the configuration check.
base::Result<std::unique_ptr<Backend>, std::string> make_backend(std::string_view setting);

// How long a server may take for a connection, and for an answer.
constexpr std::chrono::milliseconds default_server_timeout{1000};
// For which it is left alone after it took longer.
constexpr std::chrono::seconds server_outage{10};

std::unique_ptr<Backend> redis_backend(const std::map<std::string, std::string, std::less<>>& words,
                                       std::chrono::milliseconds timeout);
std::unique_ptr<Backend> pgsql_backend(std::string conninfo, std::chrono::milliseconds timeout);

}  // namespace memory
