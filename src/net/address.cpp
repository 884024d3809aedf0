// SPDX-License-Identifier: MIT
#include "net/address.h"

#include "base/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>

namespace net {
namespace {

constexpr unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Binary {
    std::array<unsigned char, 16> bytes{};
    bool ipv4 = false;
};

std::optional<Binary> parse_binary(std::string_view text) {
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    const std::string address(text);
    Binary binary;
    if (::inet_pton(AF_INET, address.c_str(), binary.bytes.data() + 12) == 1) {
        std::ranges::copy(mapped_prefix, binary.bytes.begin());
        binary.ipv4 = true;
        return binary;
    }
    if (::inet_pton(AF_INET6, address.c_str(), binary.bytes.data()) == 1) return binary;
    return std::nullopt;
}

End read_end(const sockaddr_storage& storage) {
    char text[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return {text, ntohs(v4.sin_port)};
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage, sizeof v6);
        bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
        ::inet_ntop(mapped ? AF_INET : AF_INET6, v6.sin6_addr.s6_addr + (mapped ? 12 : 0), text,
                    sizeof text);
        return {text, ntohs(v6.sin6_port)};
    }
    return {};
}

}  // namespace

std::optional<SocketAddress> parse_socket_address(std::string_view text, std::uint16_t port) {
    std::optional<Binary> binary = parse_binary(text == "*" ? "0.0.0.0" : text);
    if (!binary) return std::nullopt;
    SocketAddress address;
    if (binary->ipv4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&v4.sin_addr, binary->bytes.data() + 12, 4);
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.length = sizeof v4;
    } else {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        std::memcpy(&v6.sin6_addr, binary->bytes.data(), 16);
        std::memcpy(&address.storage, &v6, sizeof v6);
        address.length = sizeof v6;
    }
    return address;
}

End local_end(int fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return {};
    return read_end(storage);
}

End remote_end(int fd) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0) return {};
    return read_end(storage);
}

Networks::Networks(std::string_view list) {
    std::string spaced(list);
    std::ranges::replace(spaced, ',', ' ');
    for (std::string_view word : base::words(spaced)) {
        std::size_t slash = word.find('/');
        std::optional<Binary> address = parse_binary(word.substr(0, slash));
        std::optional<int> bits;
        if (address) bits = address->ipv4 ? 32 : 128;
        if (slash != std::string_view::npos) bits = base::parse_number<int>(word.substr(slash + 1));
        if (!address || !bits || *bits < 0 || *bits > (address->ipv4 ? 32 : 128))
            throw std::runtime_error("Invalid network '" + std::string(word) + "'");
        Network network{};
        std::ranges::copy(address->bytes, network.bytes);
        network.bits = *bits + (address->ipv4 ? 96 : 0);
        networks_.push_back(network);
    }
}

bool Networks::contains(std::string_view address) const {
    std::optional<Binary> binary = parse_binary(address);
    if (!binary) return false;
    return std::ranges::any_of(networks_, [&](const Network& network) {
        int whole = network.bits / 8;
        int rest = network.bits % 8;
        if (!std::equal(network.bytes, network.bytes + whole, binary->bytes.begin())) return false;
        if (rest == 0) return true;
        int mask = 0xff << (8 - rest) & 0xff;
        return (network.bytes[whole] & mask) == (binary->bytes[whole] & mask);
    });
}

}  // namespace net
