// SPDX-License-Identifier: MIT
// What the disk gives: N threads write a message each, sync it, rename it into new/ and sync that
// directory, as a delivery does, in several strategies. The first one ("each") is the raw limit
// that the other benchmarks compare with; the rest are what store/sync.h could do instead.
//
//   raw-disk [DIRECTORY [MESSAGE_BYTES [SECONDS [STRATEGY...]]]]
//
// Prints one line a strategy and concurrency: deliveries a second, and the mean wait of one.
#include "base/error.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdio.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

// Runs one sync for all that wait while the one before was running.
class Shared {
  public:
    explicit Shared(std::function<void(const std::vector<int>&)> sync) : sync_(std::move(sync)) {}

    void operator()(int fd) {
        std::unique_lock lock(mutex_);
        waiting_.push_back(fd);
        std::uint64_t mine = gathering_;
        while (done_ < mine) {
            if (running_) {
                changed_.wait(lock);
                continue;
            }
            running_ = true;
            std::vector<int> batch;
            batch.swap(waiting_);
            std::uint64_t generation = gathering_++;
            lock.unlock();
            sync_(batch);
            lock.lock();
            running_ = false;
            done_ = generation;
            changed_.notify_all();
        }
    }

  private:
    std::function<void(const std::vector<int>&)> sync_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> waiting_;
    std::uint64_t gathering_ = 1;
    std::uint64_t done_ = 0;
    bool running_ = false;
};

void sync_one(int fd) {
    if (::fsync(fd) != 0) base::throw_errno("fsync");
}
void sync_each(const std::vector<int>& fds) {
    for (int fd : fds)
        sync_one(fd);
}
void sync_file_system(const std::vector<int>& fds) {
    if (fds.size() == 1) return sync_one(fds.front());
    if (::syncfs(fds.front()) != 0) base::throw_errno("syncfs");
}
void start_then_sync_each(const std::vector<int>& fds) {
    for (int fd : fds)
        ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    sync_each(fds);
}

struct Strategy {
    std::string name;
    std::function<void(int)> file;
    std::function<void(int)> directory;
};

struct Result {
    double per_second;
    double wait_ms;
};

Result run(const Strategy& strategy, const std::string& root, unsigned threads,
           const std::string& message, double seconds) {
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> count{0};
    std::vector<std::thread> workers;
    auto begin = Steady::now();
    for (unsigned n = 0; n < threads; ++n) {
        workers.emplace_back([&, n] {
            std::string box = root + "/" + std::to_string(n);
            base::make_directories(box + "/tmp", 0700);
            base::make_directories(box + "/new", 0700);
            for (unsigned i = 0; !stop; ++i) {
                std::string name = "/" + std::to_string(i) + ".M1P1.host";
                std::string from = box + "/tmp" + name;
                std::string to = box + "/new" + name + ",S=1,W=1";
                base::Fd fd = base::open_file(from.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
                base::write_all(fd.get(), message, from);
                strategy.file(fd.get());
                fd.close(from);
                if (::rename(from.c_str(), to.c_str()) != 0) base::throw_errno("rename", to);
                base::Fd directory =
                    base::open_file((box + "/new").c_str(), O_RDONLY | O_DIRECTORY);
                strategy.directory(directory.get());
                ++count;
            }
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (auto& worker : workers)
        worker.join();
    double elapsed = std::chrono::duration<double>(Steady::now() - begin).count();
    double rate = static_cast<double>(count) / elapsed;
    return {rate, 1000.0 * threads / rate};
}

}  // namespace

int main(int argc, char** argv) {
    std::string root =
        std::string(argc > 1 ? argv[1] : ".") + "/raw-disk." + std::to_string(::getpid());
    std::size_t bytes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 4096;
    double seconds = argc > 3 ? std::strtod(argv[3], nullptr) : 3;
    unsigned only_threads =
        argc > 4 ? static_cast<unsigned>(std::strtoul(argv[4], nullptr, 10)) : 0;
    std::vector<std::string> wanted(argv + std::min(argc, 5), argv + argc);
    std::string message;
    while (message.size() < bytes)
        message += "A line of a message, as long as most of them are.\n";

    Shared syncfs_files(sync_file_system), syncfs_directories(sync_file_system);
    Shared one_after_other(sync_each), one_after_other_dirs(sync_each);
    Shared started(start_then_sync_each);
    Shared all_syncfs(sync_file_system);
    const Strategy strategies[] = {
        {"each", sync_one, sync_one},
        {"leader-fsync", std::ref(one_after_other), std::ref(one_after_other_dirs)},
        {"leader-range-fsync", std::ref(started), std::ref(one_after_other_dirs)},
        {"leader-syncfs", std::ref(syncfs_files), std::ref(syncfs_directories)},
        {"one-leader-syncfs", std::ref(all_syncfs), std::ref(all_syncfs)},
        {"each-then-leader-dirs", sync_one, std::ref(one_after_other_dirs)},
        {"each-then-syncfs-dirs", sync_one, std::ref(syncfs_directories)},
        {"none", [](int) {}, [](int) {}},
    };
    for (unsigned threads : {1u, 4u, 16u, 64u}) {
        if (only_threads != 0 && threads != only_threads) continue;
        for (const Strategy& strategy : strategies) {
            if (!wanted.empty() &&
                std::find(wanted.begin(), wanted.end(), strategy.name) == wanted.end())
                continue;
            std::string place = root + "/" + strategy.name + "." + std::to_string(threads);
            Result result = run(strategy, place, threads, message, seconds);
            fmt::print("{:>3} threads  {:<22} {:>8.0f}/s  {:>7.2f} ms\n", threads, strategy.name,
                       result.per_second, result.wait_ms);
            std::fflush(stdout);
        }
    }
}
