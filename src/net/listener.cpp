// SPDX-License-Identifier: MIT
#include "net/listener.h"

#include "base/error.h"
#include "base/text.h"
#include "net/address.h"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace net {
namespace {

constexpr int backlog = 511;

[[noreturn]] void fail(const std::string& what, int error) {
    throw std::runtime_error(what + " failed: " + base::error_text(error));
}

base::Fd new_socket(int family) {
    base::Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) fail("socket()", errno);
    return fd;
}

// Whether somebody accepts connections on the socket file.
bool is_alive(const sockaddr_un& address) {
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return true;
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return true;
    return errno != ECONNREFUSED && errno != ENOENT;
}

}  // namespace

Listener listen_unix(const UnixSocketOptions& options) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (options.path.size() >= sizeof address.sun_path)
        throw std::runtime_error("Path is too long for a socket: " + options.path);
    std::memcpy(address.sun_path, options.path.data(), options.path.size());
    base::Fd fd = new_socket(AF_UNIX);
    auto bind_it = [&] {
        // Nobody may connect before the mode below is set.
        mode_t old_mask = ::umask(0777);
        int result = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        int error = errno;
        ::umask(old_mask);
        errno = error;
        return result;
    };
    if (bind_it() != 0) {
        if (errno != EADDRINUSE) fail("bind(" + options.path + ")", errno);
        if (is_alive(address))
            throw std::runtime_error("Dovecot is already running? Socket already exists: " +
                                     options.path);
        if (::unlink(options.path.c_str()) != 0) fail("unlink(" + options.path + ")", errno);
        if (bind_it() != 0) fail("bind(" + options.path + ")", errno);
    }
    if (options.user_id != static_cast<unsigned>(-1) ||
        options.group_id != static_cast<unsigned>(-1)) {
        if (::chown(options.path.c_str(), options.user_id, options.group_id) != 0)
            fail("chown(" + options.path + ")", errno);
    }
    if (::chmod(options.path.c_str(), options.mode) != 0)
        fail("chmod(" + options.path + ")", errno);
    if (::listen(fd.get(), backlog) != 0) fail("listen(" + options.path + ")", errno);
    return {.fd = std::move(fd), .name = options.path, .path = options.path};
}

std::vector<Listener> listen_inet(const std::vector<std::string>& addresses, std::uint16_t port) {
    std::vector<Listener> listeners;
    for (const std::string& text : addresses) {
        std::optional<SocketAddress> address = parse_socket_address(text, port);
        if (!address) throw std::runtime_error("Invalid address to listen on: " + text);
        const int family = address->storage.ss_family;
        base::Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        if (!fd && errno == EAFNOSUPPORT && family == AF_INET6) continue;
        if (!fd) fail("socket()", errno);
        int on = 1;
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        std::string name = text + ":" + std::to_string(port);
        if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address->storage),
                   address->length) != 0) {
            // "::" stands in the default `listen`: a machine without IPv6 still serves.
            if (errno == EADDRNOTAVAIL && text == "::") continue;
            throw std::runtime_error("bind(" + text + ", " + std::to_string(port) +
                                     ") failed: " + base::error_text(errno));
        }
        if (::listen(fd.get(), backlog) != 0) fail("listen(" + name + ")", errno);
        listeners.push_back({.fd = std::move(fd), .name = name});
    }
    return listeners;
}

std::uint16_t bound_port(const Listener& listener) {
    return local_end(listener.fd.get()).port;
}

}  // namespace net
