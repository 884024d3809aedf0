// SPDX-License-Identifier: MIT
// Sends mail to an LMTP server over many connections at once, as cheaply as blocking threads can:
// MAIL, RCPT and DATA leave in one write (PIPELINING), the message in another. Each connection has
// users of its own.
//
//   lmtp-load PORT|SOCKET CONNECTIONS SECONDS MESSAGE_BYTES USER_PREFIX USERS
//
// A user is USER_PREFIX followed by a number below USERS, at example.com. Prints one line of JSON.
#include "base/error.h"
#include "base/fd.h"

#include <fmt/core.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

struct Load {
    std::string address;
    unsigned connections;
    double seconds;
    std::string body;
    std::string user_prefix;
    unsigned users;
};

struct Count {
    std::uint64_t delivered = 0;
    std::uint64_t failed = 0;
    std::vector<float> waits_ms;
};

base::Fd connect_to(const std::string& address) {
    bool is_path = address.front() == '/';
    base::Fd fd(::socket(is_path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) base::throw_errno("socket");
    sockaddr_storage storage{};
    socklen_t size;
    if (is_path) {
        auto* name = reinterpret_cast<sockaddr_un*>(&storage);
        name->sun_family = AF_UNIX;
        std::strncpy(name->sun_path, address.c_str(), sizeof name->sun_path - 1);
        size = sizeof *name;
    } else {
        auto* name = reinterpret_cast<sockaddr_in*>(&storage);
        name->sin_family = AF_INET;
        name->sin_port = htons(static_cast<std::uint16_t>(std::stoi(address)));
        name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        size = sizeof *name;
        int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0)
        base::throw_errno("connect", address);
    return fd;
}

class Connection {
  public:
    explicit Connection(const std::string& address) : fd_(connect_to(address)) {
        expect('2');
        send("LHLO bench.example.com\r\n");
        expect('2');
    }

    // True if the server took the message for its one recipient.
    bool deliver(const std::string& envelope, const std::string& message) {
        send(envelope);
        bool sender = reply() == '2';
        bool recipient = reply() == '2';
        if (reply() != '3') return false;
        send(message);
        return reply() == '2' && sender && recipient;
    }

  private:
    void send(const std::string& bytes) { base::write_all(fd_.get(), bytes, "LMTP"); }

    void expect(char first) {
        if (reply() != first) throw std::runtime_error("unexpected reply: " + line_);
    }

    // The first digit of the next reply, its last line in line_.
    char reply() {
        do {
            read_line();
        } while (line_.size() > 3 && line_[3] == '-');
        return line_.empty() ? '\0' : line_.front();
    }

    void read_line() {
        std::size_t end;
        while ((end = buffer_.find('\n', begin_)) == std::string::npos) {
            buffer_.erase(0, begin_);
            begin_ = 0;
            char piece[4096];
            std::size_t got = base::read_some(fd_.get(), piece, sizeof piece, "LMTP");
            if (got == 0) throw std::runtime_error("the server closed the connection");
            buffer_.append(piece, got);
        }
        line_.assign(buffer_, begin_, end - begin_);
        begin_ = end + 1;
    }

    base::Fd fd_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::string line_;
};

Count run_connection(const Load& load, unsigned number, Steady::time_point end) {
    Count count;
    Connection connection(load.address);
    for (unsigned n = 0; Steady::now() < end; ++n) {
        unsigned user = (number + n * load.connections) % load.users;
        std::string envelope = fmt::format(
            "MAIL FROM:<sender@outside.example>\r\n"
            "RCPT TO:<{}{}@example.com>\r\nDATA\r\n",
            load.user_prefix, user);
        std::string message = fmt::format("Message-ID: <{}.{}.{}@bench.example.com>\r\n{}",
                                          ::getpid(), number, n, load.body);
        auto began = Steady::now();
        bool taken = connection.deliver(envelope, message);
        std::chrono::duration<float, std::milli> wait = Steady::now() - began;
        ++(taken ? count.delivered : count.failed);
        count.waits_ms.push_back(wait.count());
    }
    return count;
}

std::string make_body(std::size_t bytes) {
    std::string body =
        "From: Sender <sender@outside.example>\r\n"
        "To: Recipient <recipient@example.com>\r\n"
        "Subject: A message of usual size\r\n"
        "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    while (body.size() < bytes)
        body += "A line of a message, as long as most of them are.\r\n";
    return body + ".\r\n";
}

float at(const std::vector<float>& sorted, double part) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        fmt::print(stderr,
                   "usage: lmtp-load PORT|SOCKET CONNECTIONS SECONDS BYTES USER_PREFIX USERS\n");
        return 64;
    }
    Load load{argv[1],
              static_cast<unsigned>(std::atoi(argv[2])),
              std::atof(argv[3]),
              make_body(std::strtoul(argv[4], nullptr, 10)),
              argv[5],
              static_cast<unsigned>(std::atoi(argv[6]))};
    std::vector<Count> counts(load.connections);
    std::atomic<unsigned> broken{0};
    std::vector<std::thread> threads;
    auto began = Steady::now();
    auto end = began + std::chrono::duration_cast<Steady::duration>(
                           std::chrono::duration<double>(load.seconds));
    for (unsigned n = 0; n < load.connections; ++n) {
        threads.emplace_back([&load, &counts, &broken, n, end] {
            try {
                counts[n] = run_connection(load, n, end);
            } catch (const std::exception& error) {
                ++broken;
                fmt::print(stderr, "connection {}: {}\n", n, error.what());
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    double elapsed = std::chrono::duration<double>(Steady::now() - began).count();
    Count all;
    for (const Count& one : counts) {
        all.delivered += one.delivered;
        all.failed += one.failed;
        all.waits_ms.insert(all.waits_ms.end(), one.waits_ms.begin(), one.waits_ms.end());
    }
    std::sort(all.waits_ms.begin(), all.waits_ms.end());
    fmt::print(R"({{"delivered":{},"failed":{},"broken":{},"seconds":{:.3f},"p50_ms":{:.2f},)"
               R"("p99_ms":{:.2f}}})"
               "\n",
               all.delivered, all.failed, broken.load(), elapsed, at(all.waits_ms, 0.5),
               at(all.waits_ms, 0.99));
    return broken || all.failed ? 1 : 0;
}
