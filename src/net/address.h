// SPDX-License-Identifier: MIT
// Internet addresses as text and as socket addresses, and networks ("10.0.0.0/8"). Pure functions
// but for the two that ask a socket for its ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;
};

// "192.0.2.1", "2001:db8::1" (also in brackets), "*", "::". No names, no DNS.
std::optional<SocketAddress> parse_socket_address(std::string_view text, std::uint16_t port);

struct End {
    std::string address;  // empty for a unix socket; an IPv4 address mapped into IPv6 as IPv4
    std::uint16_t port = 0;
};
End local_end(int fd);
End remote_end(int fd);

// A list of networks separated by spaces or commas, as login_trusted_networks; a bare address is a
// network of one. Precondition of contains(): the list parsed.
class Networks {
  public:
    // Throws std::runtime_error naming the piece that is no network.
    explicit Networks(std::string_view list);
    bool contains(std::string_view address) const;

  private:
    struct Network {
        unsigned char bytes[16];
        int bits;  // of 128; IPv4 is mapped into IPv6
    };
    std::vector<Network> networks_;
};

}  // namespace net
