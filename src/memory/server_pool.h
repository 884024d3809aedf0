// SPDX-License-Identifier: MIT
// What the memories on a server share: connections that wait for their next use, whether the server
// is down, and how one object uses a connection. The pool is thread-safe.
#pragma once

#include "memory/backend.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
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

// The connection of one object, from its first question on; it goes back to the pool at the end.
// One thread.
template <typename Connection>
class Lease {
  public:
    explicit Lease(ServerPool<Connection>& pool) : pool_(pool) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    bool is_open() const { return connection_ != nullptr; }
    // Closes it, instead of giving it to others.
    void drop() { connection_.reset(); }

    // What `use` makes of the connection. `open` makes one, or nothing; what `use` answers is false
    // where the connection did not work. Then, or without one, the answer is a false one, the
    // server counts as down, and `complaint` says so if nothing else has.
    template <typename Open, typename Use>
    auto ask(Open open, Use use, std::string& complaint)
        -> decltype(use(std::declval<Connection&>())) {
        bool waited = false;
        if (!connection_) {
            if (pool_.is_down()) {
                if (complaint.empty()) complaint = "not asked, since it did not answer before";
                return {};
            }
            connection_ = pool_.take();
            waited = connection_ != nullptr;
            if (!connection_) connection_ = open();
        }
        decltype(use(*connection_)) answer{};
        if (connection_) answer = use(*connection_);
        // One that waited long may have been closed by the server meanwhile.
        if (!answer && waited) {
            connection_ = open();
            if (connection_) answer = use(*connection_);
        }
        if (!answer) {
            connection_.reset();
            pool_.went_down();
        }
        return answer;
    }

  private:
    ServerPool<Connection>& pool_;
    std::unique_ptr<Connection> connection_;
};

// Gives them to `remember_some` in runs that a server does at once; false as soon as one fails.
template <typename RememberSome>
bool remember_in_runs(std::span<const Remembered> what, RememberSome remember_some) {
    constexpr std::size_t most_at_once = 1000;  // it does nothing else meanwhile
    while (!what.empty()) {
        const auto now = what.first(std::min(what.size(), most_at_once));
        what = what.subspan(now.size());
        if (!remember_some(now)) return false;
    }
    return true;
}

// `Server` holds the settings and the pool; `OnServer` is the Memory.
template <typename Server, typename OnServer>
class ServerBackend final : public Backend {
  public:
    // The settings are filled in by who made it, before the first use.
    Server server;

    std::unique_ptr<Memory> of(std::string_view owner, Waiting waiting) override {
        return std::make_unique<OnServer>(server, owner, waiting);
    }
};

}  // namespace memory
