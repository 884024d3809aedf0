// SPDX-License-Identifier: MIT
#include "net/worker_pool.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <semaphore.h>
#include <thread>
#include <utility>
#include <vector>

namespace net {
namespace {

// A job is handed to one idle thread, which wakes for it alone: one futex wake and one wait, where
// a condition shared by all threads has them meet at its mutex as well.
struct Worker {
    Worker() { ::sem_init(&wake, 0, 0); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() { ::sem_destroy(&wake); }

    void sleep() {
        while (::sem_wait(&wake) != 0) {  // EINTR
        }
    }

    sem_t wake;
    std::function<void()> job;  // none after a wake: the pool ends
};

}  // namespace

struct WorkerPool::State {
    explicit State(std::size_t the_limit) : limit(the_limit) {}

    void work();

    const std::size_t limit;
    std::mutex mutex;
    std::condition_variable all_idle;
    std::deque<std::function<void()>> queue;  // only while no thread is idle
    std::vector<Worker*> idle;                // the last to fall idle first: its caches are warm
    std::vector<std::thread> threads;
    std::size_t at_work = 0;
    bool ending = false;
};

WorkerPool::WorkerPool(std::size_t threads) : state_(std::make_unique<State>(threads)) {
    state_->idle.reserve(threads);
    state_->threads.reserve(threads);
}

WorkerPool::~WorkerPool() {
    {
        std::lock_guard lock(state_->mutex);
        state_->ending = true;
        for (Worker* worker : state_->idle)
            ::sem_post(&worker->wake);
        state_->idle.clear();
    }
    for (std::thread& thread : state_->threads)
        thread.join();
}

void WorkerPool::run(std::function<void()> job) {
    std::unique_lock lock(state_->mutex);
    if (!state_->idle.empty()) {
        Worker* worker = state_->idle.back();
        state_->idle.pop_back();
        worker->job = std::move(job);
        ++state_->at_work;
        lock.unlock();
        ::sem_post(&worker->wake);
        return;
    }
    state_->queue.push_back(std::move(job));
    if (state_->threads.size() == state_->limit) return;
    try {
        state_->threads.emplace_back([state = state_.get()] { state->work(); });
    } catch (const std::exception&) {   // no thread or no memory for one: others take the job
        if (state_->threads.empty()) {  // the job would never run
            state_->queue.pop_back();
            throw;
        }
    }
}

void WorkerPool::wait_until_idle() {
    std::unique_lock lock(state_->mutex);
    state_->all_idle.wait(lock, [this] { return state_->queue.empty() && state_->at_work == 0; });
}

void WorkerPool::State::work() {
    Worker self;
    std::unique_lock lock(mutex);
    for (;;) {
        std::function<void()> job;
        if (!queue.empty()) {
            job = std::move(queue.front());
            queue.pop_front();
            ++at_work;
            lock.unlock();
        } else {
            if (ending) return;
            idle.push_back(&self);
            lock.unlock();
            self.sleep();
            if (!self.job) return;
            job = std::exchange(self.job, nullptr);
        }
        job();
        job = nullptr;  // what it holds goes before the next wait
        lock.lock();
        if (--at_work == 0 && queue.empty()) all_idle.notify_all();
    }
}

}  // namespace net
