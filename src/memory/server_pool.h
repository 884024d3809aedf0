// SPDX-License-Identifier: MIT
// Connections to a memory's server that wait for their next use, and whether it is down.
// Thread-safe.
#pragma once

#include "memory/backend.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace memory {

template <typename Connection>
class ServerPool {
  public:
    static constexpr std::size_t most_idle = 64;

    // Nothing where none waits.
    std::unique_ptr<Connection> take() {
        const std::lock_guard lock(mutex_);
        if (idle_.empty()) return nullptr;
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock(mutex_);
        if (connection && idle_.size() < most_idle) idle_.push_back(std::move(connection));
    }

    bool is_down() const {
        const std::lock_guard lock(mutex_);
        return std::chrono::steady_clock::now() < down_until_;
    }
    void went_down() {
        const std::lock_guard lock(mutex_);
        down_until_ = std::chrono::steady_clock::now() + server_outage;
        idle_.clear();
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::chrono::steady_clock::time_point down_until_{};
};

}  // namespace memory
