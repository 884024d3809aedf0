// SPDX-License-Identifier: MIT
#include "net/connection.h"

#include "net/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>

namespace net {
namespace {

// Replies are sent when this much has gathered, however much input still waits.
constexpr std::size_t max_gathered_output = 64 * 1024;

}  // namespace

Connection::Connection(Server::State& server, base::Fd fd, Client client, bool tls_first,
                       Server::MakeDialogue make_dialogue)
    : server_(server),
      socket_(server.io),
      channel_(fd.get()),
      client_(std::move(client)),
      tls_first_(tls_first),
      make_dialogue_(std::move(make_dialogue)),
      jobs_done_(server.io) {
    socket_.assign(fd.get());
    [[maybe_unused]] int owned = fd.release();  // the descriptor belongs to Asio now
}

asio::awaitable<void> Connection::serve(std::shared_ptr<Connection> self) {
    try {
        co_await self->converse();
    } catch (const std::exception& error) {
        self->server_.log.error(std::string("Connection ended: ") + error.what());
        self->gone_reason_ = "Internal error";
    }
    if (self->dialogue_) self->dialogue_->on_close(self->gone_reason_);
    self->channel_.finish();
    self->server_.forget(self.get());
}

asio::awaitable<void> Connection::converse() {
    if (tls_first_) {
        co_await upgrade();
        if (ending_ != Ending::none) {
            server_.log.info("Disconnect from " + client_.address + ": " + gone_reason_);
            co_return;
        }
        client_.tls = channel_.tls_description();
    }
    dialogue_ = make_dialogue_(client_);
    take(dialogue_->start());
    while (ending_ == Ending::none) {
        switch (step_.want) {
            case base::Want::line:
            case base::Want::data:
                if (output_.size() > max_gathered_output) {
                    co_await flush();
                } else if (std::size_t used = feed(input_); used > 0) {
                    input_.erase(0, used);
                } else {
                    co_await receive();
                }
                break;
            case base::Want::work:
                co_await run_jobs();
                take(dialogue_->on_work_done());
                break;
            case base::Want::tls:
                co_await flush();
                input_.clear();  // RFC 3207 §4.2: said in the clear, so never heard
                if (ending_ == Ending::none) co_await upgrade();
                if (ending_ == Ending::none) take(dialogue_->on_tls(channel_.tls_description()));
                break;
            case base::Want::close:
                ending_ = Ending::close;
                break;
        }
    }
    say_farewell();
    if (ending_ != Ending::gone) co_await flush();
}

void Connection::take(base::Step step) {
    output_ += step.output;
    step_ = std::move(step);
}

// Gives the dialogue as much as it can use and says how much that was.
std::size_t Connection::feed(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && output_.size() <= max_gathered_output) {
        std::size_t taken = 0;
        if (step_.want == base::Want::data) {
            take(dialogue_->on_data(bytes.substr(used)));
            taken = step_.consumed;
        } else if (step_.want == base::Want::line) {
            // At shutdown nothing new begins, whatever is in the buffer.
            if (server_.stopping && dialogue_->between_commands()) break;
            taken = feed_line(bytes.substr(used));
            if (taken == 0) break;
        } else {
            break;
        }
        used += taken;
    }
    return used;
}

std::size_t Connection::feed_line(std::string_view bytes) {
    const std::size_t limit = dialogue_->max_line_bytes();
    std::size_t lf = bytes.find('\n');
    if (lf == std::string_view::npos) {
        if (bytes.size() <= limit + 1) return 0;  // one more: the CR
        in_long_line_ = true;
        return bytes.size();
    }
    std::string_view line = bytes.substr(0, lf);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::exchange(in_long_line_, false) || line.size() > limit) {
        take(dialogue_->on_long_line());
    } else {
        take(dialogue_->on_line(line));
    }
    return lf + 1;
}

// Sends what there is, waits for input and feeds it.
asio::awaitable<void> Connection::receive() {
    co_await flush();
    if (ending_ != Ending::none) co_return;
    if (server_.grace_over || (server_.stopping && dialogue_->between_commands())) {
        ending_ = Ending::shutdown;
        co_return;
    }
    if (!channel_.has_buffered() && !co_await wait(IoResult::wants_read)) co_return;
    server_.watch_clock();
    Io io = channel_.read(server_.read_buffer.data(), server_.read_buffer.size());
    switch (io.result) {
        case IoResult::done: {
            std::string_view fresh(server_.read_buffer.data(), io.bytes);
            if (input_.empty()) {  // nothing kept: the dialogue reads it where it lies
                std::size_t used = feed(fresh);
                input_.assign(fresh.substr(used));
            } else {
                input_.append(fresh);
            }
            break;
        }
        case IoResult::wants_read:
            break;
        case IoResult::wants_write:
            co_await wait(io.result);
            break;
        case IoResult::ended:
        case IoResult::failed:
            lost(io);
            break;
    }
}

asio::awaitable<void> Connection::flush() {
    std::size_t sent = 0;
    while (sent < output_.size() && ending_ != Ending::gone) {
        Io io = channel_.write(std::string_view(output_).substr(sent));
        if (io.result == IoResult::done) {
            sent += io.bytes;
        } else if (io.result == IoResult::wants_read || io.result == IoResult::wants_write) {
            // Once the farewell is said, a client that doesn't read it isn't waited for.
            if (ending_ != Ending::none) break;
            if (!co_await wait(io.result)) break;
        } else {
            lost(io);
        }
    }
    output_.clear();
    if (output_.capacity() > 4096) output_.shrink_to_fit();
}

asio::awaitable<void> Connection::upgrade() {
    if (!server_.tls) {
        lost({IoResult::failed, 0, "TLS is not configured"});
        co_return;
    }
    channel_.start_tls(*server_.tls);
    for (;;) {
        Io io = channel_.handshake();
        if (io.result == IoResult::done) co_return;
        if (io.result == IoResult::ended || io.result == IoResult::failed) {
            lost(io);
            if (!io.error.empty()) gone_reason_ = "TLS handshaking: " + io.error;
            co_return;
        }
        if (!co_await wait(io.result)) {
            if (ending_ != Ending::gone) gone_reason_ = "TLS handshaking: Disconnected";
            ending_ = Ending::gone;  // there is nothing to say it with
            co_return;
        }
    }
}

// False when the wait was broken off; ending_ says why.
asio::awaitable<bool> Connection::wait(IoResult wanted) {
    const bool output = wanted == IoResult::wants_write;
    waiting_ = output ? Waiting::for_output : Waiting::for_input;
    const ServerLimits& limits = server_.limits;
    deadline_ = std::chrono::steady_clock::now() +
                (server_.grace_over ? std::min(limits.idle, limits.last_reply) : limits.idle);
    boost::system::error_code error;
    auto kind = output ? asio::posix::stream_descriptor::wait_write
                       : asio::posix::stream_descriptor::wait_read;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await socket_.async_wait(kind, token);
    waiting_ = Waiting::no;
    if (error && ending_ == Ending::none) {
        ending_ = Ending::gone;
        gone_reason_ = "Connection closed: " + error.message();
    }
    co_return !error && ending_ == Ending::none;
}

asio::awaitable<void> Connection::run_jobs() {
    // The jobs share a count and no more: this coroutine, which waits for them, keeps the
    // connection, so that it always ends on the loop's thread.
    auto left = std::make_shared<std::atomic<std::size_t>>(step_.jobs.size());
    at_work_ = true;
    jobs_done_.expires_at(std::chrono::steady_clock::time_point::max());
    std::size_t queued = 0;
    std::exception_ptr refused;
    try {
        for (; queued < step_.jobs.size(); ++queued) {
            server_.pool.run(
                [job = std::move(step_.jobs[queued]), left, this, &io = server_.io]() mutable {
                    job();
                    job = nullptr;  // what it holds goes on this thread
                    if (--*left > 0) return;
                    asio::post(io, [this] {
                        at_work_ = false;
                        jobs_done_.cancel();
                    });
                });
        }
    } catch (const std::exception&) {  // no memory, no threads: those that run are waited for
        refused = std::current_exception();
        const std::size_t missing = step_.jobs.size() - queued;
        if (left->fetch_sub(missing) == missing) at_work_ = false;
    }
    step_.jobs.clear();
    while (at_work_) {
        boost::system::error_code error;
        auto token = asio::redirect_error(asio::use_awaitable, error);
        co_await jobs_done_.async_wait(token);
    }
    if (refused) std::rethrow_exception(refused);
}

void Connection::lost(const Io& io) {
    ending_ = Ending::gone;
    gone_reason_ = "Connection closed";
    if (!io.error.empty()) gone_reason_ += ": " + io.error;
}

void Connection::say_farewell() {
    switch (ending_) {
        case Ending::inactivity:
            output_ += dialogue_->farewell(base::End::inactivity);
            break;
        case Ending::shutdown:
            output_ += dialogue_->farewell(base::End::shutdown);
            break;
        case Ending::none:
        case Ending::close:
        case Ending::gone:
            break;
    }
}

void Connection::check_deadline(std::chrono::steady_clock::time_point now) {
    if (waiting_ == Waiting::no || now < deadline_ || ending_ != Ending::none) return;
    ending_ = Ending::inactivity;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

void Connection::stop_if_idle() {
    if (waiting_ != Waiting::for_input) return;
    if (dialogue_ && !dialogue_->between_commands()) return;
    stop();
}

void Connection::stop() {
    if (waiting_ == Waiting::no || ending_ != Ending::none) return;
    if (waiting_ == Waiting::for_output) {  // an answer on its way, which says what is stored
        deadline_ =
            std::min(deadline_, std::chrono::steady_clock::now() + server_.limits.last_reply);
        return;
    }
    ending_ = Ending::shutdown;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

}  // namespace net
