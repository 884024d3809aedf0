// SPDX-License-Identifier: MIT
// The loop that serves dialogues on listening sockets: accepting, reading and writing, line limits,
// pipelining, TLS, deadlines, shutdown. One thread runs it; what may block runs on the worker pool.
// Memory: a connection that waits has no buffers of its own (one read buffer serves them all).
//
// Shutdown (stop(), SIGTERM, SIGINT): listeners close, dialogues between two commands get their
// farewell at once, those in the middle of a message may finish it within `shutdown_grace`, and
// deliveries that run are waited for and answered, a client that does not read its answer then for
// `last_reply` at most. A second signal ends the grace.
#pragma once

#include "base/dialogue.h"
#include "base/log.h"
#include "net/listener.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace net {

class TlsContext;
class WorkerPool;

struct ServerLimits {
    std::size_t connections = 1000;
    std::chrono::milliseconds idle{std::chrono::minutes{5}};  // no octet read or written
    std::chrono::milliseconds shutdown_grace{std::chrono::seconds{30}};
    std::chrono::milliseconds last_reply{std::chrono::seconds{5}};
    std::chrono::milliseconds tick{std::chrono::seconds{1}};  // how exactly these are kept
};

// Who connected.
struct Client {
    std::string address;  // empty: unix socket
    std::uint16_t port = 0;
    std::string local_address;
    std::string tls;  // description, where the listener speaks TLS from the first byte
};

class Server {
  public:
    using MakeDialogue = std::function<std::unique_ptr<base::Dialogue>(const Client&)>;

    // `pool` outlives the server.
    Server(ServerLimits limits, WorkerPool& pool, base::Log log);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Before run().
    void add(Listener listener, MakeDialogue make_dialogue);
    void on_hangup(std::function<void()> action);       // SIGHUP
    void on_user_signal(std::function<void()> action);  // SIGUSR1

    // For connections that start TLS from now on; null: none can. From the loop's thread, or before
    // run().
    void use_tls(std::shared_ptr<const TlsContext> context);

    // Serves until stopped and the last connection is gone.
    void run();
    // From any thread.
    void stop();

  private:
    friend class Connection;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace net
