// SPDX-License-Identifier: MIT
// The inside of net::Server, shared with its connections. Everything here belongs to the loop's
// thread.
#pragma once

#include "base/clock.h"
#include "net/asio.h"
#include "net/server.h"

#include <array>
#include <chrono>
#include <list>
#include <memory>

namespace net {

class Connection;

// A listening socket with what it serves.
struct Service {
    Service(asio::io_context& io, Listener the_listener, Server::MakeDialogue make)
        : socket(io, the_listener.fd.get()),
          listener(std::move(the_listener)),
          make_dialogue(std::move(make)) {
        // The descriptor belongs to Asio now.
        [[maybe_unused]] int fd = listener.fd.release();
    }
    asio::posix::stream_descriptor socket;
    Listener listener;
    Server::MakeDialogue make_dialogue;
};

struct Server::State {
    State(ServerLimits the_limits, WorkerPool& the_pool, base::Log the_log)
        : limits(the_limits), pool(the_pool), log(std::move(the_log)) {}

    asio::awaitable<void> accept(std::shared_ptr<Service> service);
    asio::awaitable<void> watch_signals();
    asio::awaitable<void> keep_time();
    void admit(const Service& service, int fd);
    void refuse(const Service& service, int fd);
    void begin_shutdown();
    void end_grace();
    void forget(const Connection* connection);
    void watch_clock();
    // The text at most once a second.
    void warn_seldom(std::string_view text);

    const ServerLimits limits;
    WorkerPool& pool;
    base::Log log;
    asio::io_context io{1};
    asio::signal_set signals{io};
    asio::steady_timer timer{io};
    std::vector<std::shared_ptr<Service>> services;
    std::list<std::shared_ptr<Connection>> connections;
    std::shared_ptr<const TlsContext> tls;
    std::function<void()> hangup;
    std::function<void()> user_signal;
    base::JumpWatch jumps;
    bool stopping = false;
    bool grace_over = false;
    std::chrono::steady_clock::time_point grace_end{};
    std::chrono::steady_clock::time_point last_warning{};
    std::array<char, 64 * 1024> read_buffer;
};

}  // namespace net
