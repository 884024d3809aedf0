// SPDX-License-Identifier: MIT
#include "net/channel.h"

#include "base/error.h"

#include <cerrno>
#include <sys/socket.h>

namespace net {
namespace {

constexpr int max_drain_reads = 64;

Io plain_outcome(ssize_t result, IoResult would_block, const char* operation) {
    if (result > 0) return {IoResult::done, static_cast<std::size_t>(result), {}};
    if (result == 0) return {IoResult::ended, 0, {}};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {would_block, 0, {}};
    return {IoResult::failed, 0, std::string(operation) + " failed: " + base::error_text(errno)};
}

}  // namespace

Io Channel::read(char* buffer, std::size_t size) {
    if (tls_) return tls_->read(buffer, size);
    return plain_outcome(::recv(fd_, buffer, size, 0), IoResult::wants_read, "read()");
}

Io Channel::write(std::string_view bytes) {
    if (tls_) return tls_->write(bytes);
    return plain_outcome(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                         IoResult::wants_write, "write()");
}

void Channel::finish() {
    if (tls_) tls_->shutdown();
    ::shutdown(fd_, SHUT_WR);
    char unread[4096];
    for (int i = 0; i < max_drain_reads; ++i) {
        if (::recv(fd_, unread, sizeof unread, MSG_DONTWAIT) <= 0) break;
    }
}

}  // namespace net
