// SPDX-License-Identifier: MIT
// Deliveries through store::commit from N threads, each with a user of its own, to compare with
// raw-disk's "each" on the same disk:
//
//   store-rate [DIRECTORY [MESSAGE_BYTES [SECONDS [MAILBOXES [never]]]]]
//
// MAILBOXES is how many folders each message goes to. Prints deliveries (messages) a second, their
// mean wait and the CPU time of one.
#include "base/spool.h"
#include "base/text.h"
#include "store/commit.h"
#include "store/disk.h"
#include "store/storage.h"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct Plan {
    std::string directory;
    std::size_t bytes = 4096;
    double seconds = 3;
    int mailboxes = 1;
    store::FsyncMode fsync = store::FsyncMode::optimized;
};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void deliver(store::Disk& disk, const Plan& plan, const std::string& home,
             const base::Spool& spool) {
    store::StorageSettings settings{
        .home = home, .mail_location = "maildir:~/Maildir", .fsync = plan.fsync};
    settings.autocreate = true;
    store::Storage storage = store::Storage::make(disk, settings).value();
    std::vector<store::Store> stores;
    for (int i = 0; i < plan.mailboxes; ++i) {
        std::string name = i == 0 ? "INBOX" : "box" + std::to_string(i);
        stores.push_back({.mailbox = storage.open(name).value(), .content = store::Content(spool)});
    }
    store::commit(storage, std::move(stores));
}

void run(const Plan& plan, int threads) {
    store::FileSystem files;
    store::Syncer sync(files);
    store::MessageNames names(base::system_clock(), store::MessageNames::local_host());
    store::Disk disk{files, sync, names, base::system_clock()};
    base::Spool spool;
    while (spool.size() < plan.bytes)
        spool.append("A line of a message, as long as most of them are.\n");
    spool.seal();
    std::string root = plan.directory + "/store-rate." + std::to_string(::getpid());
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> count{0};
    for (int n = 0; n < threads; ++n)
        deliver(disk, plan, root + "/" + std::to_string(n), spool);
    double cpu = cpu_seconds();
    auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> workers;
    for (int n = 0; n < threads; ++n) {
        workers.emplace_back([&, n] {
            for (; !stop; ++count)
                deliver(disk, plan, root + "/" + std::to_string(n), spool);
        });
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(plan.seconds));
    stop = true;
    for (std::thread& worker : workers)
        worker.join();
    double elapsed =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    double rate = static_cast<double>(count) / elapsed;
    fmt::print("{:>3} threads  {:>8.0f}/s  {:>7.2f} ms  {:>5.0f} us CPU\n", threads, rate,
               1000.0 * threads / rate, 1e6 * (cpu_seconds() - cpu) / static_cast<double>(count));
    std::fflush(stdout);
    std::filesystem::remove_all(root);
}

}  // namespace

int main(int argc, char** argv) {
    Plan plan{.directory = argc > 1 ? argv[1] : "."};
    if (argc > 2) plan.bytes = std::strtoul(argv[2], nullptr, 10);
    if (argc > 3) plan.seconds = std::strtod(argv[3], nullptr);
    if (argc > 4) plan.mailboxes = std::atoi(argv[4]);
    if (argc > 5) plan.fsync = store::FsyncMode::never;
    for (int threads : {1, 4, 16, 64})
        run(plan, threads);
}
