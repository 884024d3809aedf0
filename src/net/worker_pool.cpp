// SPDX-License-Identifier: MIT
#include "net/worker_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace net {

struct WorkerPool::State {
    explicit State(std::size_t the_limit) : limit(the_limit) {}

    void work();

    const std::size_t limit;
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable all_idle;
    std::deque<std::function<void()>> queue;
    std::vector<std::thread> threads;
    std::size_t idle = 0;
    std::size_t at_work = 0;
    bool ending = false;
};

WorkerPool::WorkerPool(std::size_t threads) : state_(std::make_unique<State>(threads)) {}

WorkerPool::~WorkerPool() {
    {
        std::lock_guard lock(state_->mutex);
        state_->ending = true;
    }
    state_->wake.notify_all();
    for (std::thread& thread : state_->threads)
        thread.join();
}

void WorkerPool::run(std::function<void()> job) {
    {
        std::lock_guard lock(state_->mutex);
        state_->queue.push_back(std::move(job));
        if (state_->idle < state_->queue.size() && state_->threads.size() < state_->limit) {
            try {
                state_->threads.emplace_back([state = state_.get()] { state->work(); });
            } catch (const std::system_error&) {
                if (state_->threads.empty()) {  // the job would never run
                    state_->queue.pop_back();
                    throw;
                }
            }
        }
    }
    state_->wake.notify_one();
}

void WorkerPool::wait_until_idle() {
    std::unique_lock lock(state_->mutex);
    state_->all_idle.wait(lock, [this] { return state_->queue.empty() && state_->at_work == 0; });
}

void WorkerPool::State::work() {
    std::unique_lock lock(mutex);
    for (;;) {
        ++idle;
        wake.wait(lock, [this] { return ending || !queue.empty(); });
        --idle;
        if (queue.empty()) return;
        std::function<void()> job = std::move(queue.front());
        queue.pop_front();
        ++at_work;
        lock.unlock();
        job();
        job = nullptr;  // what it holds goes before the next wait
        lock.lock();
        if (--at_work == 0 && queue.empty()) all_idle.notify_all();
    }
}

}  // namespace net
