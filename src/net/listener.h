// SPDX-License-Identifier: MIT
// Listening sockets: unix and TCP, bound once at the start (where privileges for it may still be
// there). Failures throw std::runtime_error in Dovecot's words.
#pragma once

#include "base/fd.h"

#include <cstdint>
#include <string>
#include <vector>

namespace net {

struct Listener {
    base::Fd fd;
    std::string name;     // for logs: the path, or "192.0.2.1:24"
    std::string path;     // unix: the socket's file; else empty
    bool is_tls = false;  // TLS from the first byte
    std::string service;  // "lmtp", for logs
};

struct UnixSocketOptions {
    std::string path;
    unsigned mode = 0600;
    // -1: unchanged
    unsigned user_id = static_cast<unsigned>(-1);
    unsigned group_id = static_cast<unsigned>(-1);
};

// A socket file that nobody listens on any more is replaced; one that somebody listens on is an
// error.
Listener listen_unix(const UnixSocketOptions& options);

// "*" is every IPv4 address, "::" every IPv6 address (and only those). An IPv6 address on a machine
// without IPv6 gives no listener. `port` 0 lets the system choose (tests).
std::vector<Listener> listen_inet(const std::vector<std::string>& addresses, std::uint16_t port);

// The port that a listener of listen_inet() got.
std::uint16_t bound_port(const Listener& listener);

}  // namespace net
