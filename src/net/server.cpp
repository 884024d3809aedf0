// SPDX-License-Identifier: MIT
#include "net/server.h"

#include "base/error.h"
#include "net/address.h"
#include "net/connection.h"
#include "net/server_state.h"
#include "net/worker_pool.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>
#include <sys/socket.h>

namespace net {
namespace {

constexpr int max_accepts_in_a_row = 64;

// Whatever a coroutine of the loop threw is the loop's end: nobody could serve on.
void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

Server::Server(ServerLimits limits, WorkerPool& pool, base::Log log)
    : state_(std::make_unique<State>(limits, pool, std::move(log))) {}

// A worker may still be on its way back from posting the end of its last job to the loop.
Server::~Server() {
    state_->pool.wait_until_idle();
}

void Server::add(Listener listener, MakeDialogue make_dialogue) {
    state_->services.push_back(
        std::make_shared<Service>(state_->io, std::move(listener), std::move(make_dialogue)));
}

void Server::on_hangup(std::function<void()> action) {
    state_->hangup = std::move(action);
}

void Server::on_user_signal(std::function<void()> action) {
    state_->user_signal = std::move(action);
}

void Server::use_tls(std::shared_ptr<const TlsContext> context) {
    state_->tls = std::move(context);
}

void Server::run() {
    std::signal(SIGPIPE, SIG_IGN);
    for (const std::shared_ptr<Service>& service : state_->services)
        asio::co_spawn(state_->io, state_->accept(service), rethrow);
    asio::co_spawn(state_->io, state_->watch_signals(), rethrow);
    asio::co_spawn(state_->io, state_->keep_time(), rethrow);
    state_->io.run();
}

void Server::stop() {
    asio::post(state_->io, [state = state_.get()] { state->begin_shutdown(); });
}

asio::awaitable<void> Server::State::accept(std::shared_ptr<Service> service) {
    while (!stopping) {
        boost::system::error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await service->socket.async_wait(asio::posix::stream_descriptor::wait_read, token);
        if (stopping || error) co_return;
        bool exhausted = false;
        for (int i = 0; i < max_accepts_in_a_row; ++i) {
            int fd = ::accept4(service->socket.native_handle(), nullptr, nullptr,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd >= 0) {
                try {
                    admit(*service, fd);
                } catch (const std::exception& failure) {
                    log.error(std::string("Connection refused: ") + failure.what());
                }
                continue;
            }
            exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
            if (exhausted) warn_seldom("net_accept() failed: " + base::error_text(errno));
            if (errno == EINTR || errno == ECONNABORTED) continue;
            break;
        }
        if (exhausted) {  // until a connection has ended
            asio::steady_timer pause(io, limits.tick);
            auto again = asio::redirect_error(asio::use_awaitable, error);
            co_await pause.async_wait(again);
        }
    }
}

void Server::State::admit(const Service& service, int fd) {
    base::Fd owned(fd);
    if (connections.size() >= limits.connections) {
        refuse(service, fd);
        return;
    }
    End remote = remote_end(fd);
    Client client{remote.address, remote.port, local_end(fd).address, {}};
    auto connection = std::make_shared<Connection>(*this, std::move(owned), std::move(client),
                                                   service.listener.is_tls, service.make_dialogue);
    connections.push_back(connection);
    asio::co_spawn(io, Connection::serve(connection), rethrow);
}

void Server::State::refuse(const Service& service, int fd) {
    warn_seldom("service(" + service.listener.service + "): client_limit (" +
                std::to_string(limits.connections) +
                ") reached, client connections are being dropped");
    if (service.listener.is_tls) return;
    Channel channel(fd);
    // As far as the socket's buffer takes it: this client is not waited for.
    channel.write(service.make_dialogue({})->farewell(base::End::too_many_connections));
    channel.finish();
}

asio::awaitable<void> Server::State::watch_signals() {
    for (int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
        signals.add(number);
    for (;;) {
        boost::system::error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        int number = co_await signals.async_wait(token);
        if (error) co_return;
        if (number == SIGHUP) {
            if (hangup && !stopping) hangup();
        } else if (number == SIGUSR1) {
            if (user_signal) user_signal();
        } else if (stopping) {
            end_grace();
        } else {
            log.warning("Killed with signal " + std::to_string(number));
            begin_shutdown();
        }
    }
}

asio::awaitable<void> Server::State::keep_time() {
    while (!stopping || !connections.empty()) {
        auto now = std::chrono::steady_clock::now();
        watch_clock();
        if (stopping && now >= grace_end) end_grace();
        for (const std::shared_ptr<Connection>& connection : connections)
            connection->check_deadline(now);
        timer.expires_after(limits.tick);
        boost::system::error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await timer.async_wait(token);
    }
    signals.cancel();
}

// Says so once when wall time has jumped; nothing else depends on it.
void Server::State::watch_clock() {
    auto line = jumps.look(base::system_clock().now(), std::chrono::steady_clock::now());
    if (line) log.warning(*line);
}

void Server::State::begin_shutdown() {
    if (std::exchange(stopping, true)) return;
    grace_end = std::chrono::steady_clock::now() + limits.shutdown_grace;
    boost::system::error_code ignored;
    for (const std::shared_ptr<Service>& service : services)
        service->socket.close(ignored);
    for (const std::shared_ptr<Connection>& connection : connections)
        connection->stop_if_idle();
    timer.cancel();
}

void Server::State::end_grace() {
    if (std::exchange(grace_over, true)) return;
    for (const std::shared_ptr<Connection>& connection : connections)
        connection->stop();
}

void Server::State::forget(const Connection* connection) {
    std::erase_if(connections, [&](const auto& held) { return held.get() == connection; });
    if (stopping && connections.empty()) timer.cancel();
}

void Server::State::warn_seldom(std::string_view text) {
    auto now = std::chrono::steady_clock::now();
    if (now - last_warning < std::chrono::seconds{1} &&
        last_warning != std::chrono::steady_clock::time_point{})
        return;
    last_warning = now;
    log.warning(text);
}

}  // namespace net
