// SPDX-License-Identifier: MIT
// Threads for what may block (look-ups, deliveries): they mostly wait for the disk, so there are
// more of them than processors. Jobs start in the order in which they came; every job that was
// taken runs, even while the pool ends.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace net {

class WorkerPool {
  public:
    // Deliveries at once in a process: enough for fsyncs to overlap (a disk gains little past 16).
    static constexpr std::size_t default_threads = 24;

    // Threads are started when jobs first need them, up to `threads`.
    explicit WorkerPool(std::size_t threads = default_threads);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    // Runs what is queued, then joins.
    ~WorkerPool();

    // From any thread. `job` must not throw.
    void run(std::function<void()> job);
    // Returns once no job is queued or running.
    void wait_until_idle();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace net
