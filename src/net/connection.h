// SPDX-License-Identifier: MIT
// One connection: a coroutine on the server's loop that gives its dialogue what it asks for. Held
// by a shared_ptr: by the server, which tells it of deadlines and shutdown, and by its coroutine.
#pragma once

#include "base/dialogue.h"
#include "base/fd.h"
#include "net/asio.h"
#include "net/channel.h"
#include "net/server_state.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace net {

class Connection {
  public:
    // `fd` is a non-blocking socket.
    Connection(Server::State& server, base::Fd fd, Client client, bool tls_first,
               Server::MakeDialogue make_dialogue);

    // Runs the dialogue to its end. Never throws; `self` keeps the object.
    static asio::awaitable<void> serve(std::shared_ptr<Connection> self);

    // Called by the server, on the loop's thread.
    void check_deadline(std::chrono::steady_clock::time_point now);
    void stop_if_idle();  // shutdown: if the client has nothing under way
    void stop();          // shutdown, the grace is over

  private:
    enum class Waiting { no, for_input, for_output };
    // Why the dialogue is over; `close` is its own wish.
    enum class Ending { none, close, gone, inactivity, shutdown };

    asio::awaitable<void> converse();
    asio::awaitable<void> run_jobs();
    asio::awaitable<void> upgrade();
    asio::awaitable<void> receive();
    asio::awaitable<void> flush();
    asio::awaitable<bool> wait(IoResult wanted);
    std::size_t feed(std::string_view bytes);
    std::size_t feed_line(std::string_view bytes);
    void take(base::Step step);
    void lost(const Io& io);
    void say_farewell();

    Server::State& server_;
    asio::posix::stream_descriptor socket_;
    Channel channel_;
    Client client_;
    const bool tls_first_;
    Server::MakeDialogue make_dialogue_;
    std::unique_ptr<base::Dialogue> dialogue_;

    base::Step step_;     // what is to be done next; its output is in output_
    std::string input_;   // read, but not taken by the dialogue yet
    std::string output_;  // not sent yet
    bool in_long_line_ = false;

    Waiting waiting_ = Waiting::no;
    std::chrono::steady_clock::time_point deadline_{};
    bool at_work_ = false;  // jobs run on the pool
    asio::steady_timer jobs_done_;
    Ending ending_ = Ending::none;
    std::string gone_reason_;  // for the log
};

}  // namespace net
