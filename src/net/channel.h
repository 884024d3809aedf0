// SPDX-License-Identifier: MIT
// A connected socket, in the clear or, from start_tls() on, under TLS: reads and writes that never
// wait. Owned by one connection.
#pragma once

#include "net/tls.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace net {

class Channel {
  public:
    // `fd` is a non-blocking socket; it stays the caller's and outlives the channel.
    explicit Channel(int fd) : fd_(fd) {}

    Io read(char* buffer, std::size_t size);
    Io write(std::string_view bytes);
    bool has_buffered() const { return tls_ && tls_->has_buffered(); }

    void start_tls(const TlsContext& context) { tls_ = std::make_unique<TlsSession>(context, fd_); }
    // Precondition of the next two: start_tls().
    Io handshake() { return tls_->handshake(); }
    std::string tls_description() const { return tls_->description(); }

    // Ends our side and takes in what the peer had still sent, so that closing does not destroy the
    // last reply on its way.
    void finish();

  private:
    int fd_;
    std::unique_ptr<TlsSession> tls_;
};

}  // namespace net
