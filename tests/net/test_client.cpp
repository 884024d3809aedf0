// SPDX-License-Identifier: MIT
#include "tests/net/test_client.h"

#include "base/error.h"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

TestClient::TestClient(base::Fd fd) : fd_(std::move(fd)) {
    timeval patience{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

TestClient::~TestClient() = default;

TestClient TestClient::to_port(std::uint16_t port) {
    base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        base::throw_errno("connect");
    return TestClient(std::move(fd));
}

TestClient TestClient::to_path(const std::string& path) {
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        base::throw_errno("connect", path);
    return TestClient(std::move(fd));
}

void TestClient::send(std::string_view bytes) {
    if (tls_) {
        if (::SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
            throw std::runtime_error("SSL_write");
        return;
    }
    while (!bytes.empty()) {
        ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) base::throw_errno("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

long TestClient::read_some(char* buffer, std::size_t size) {
    if (tls_) return ::SSL_read(tls_.get(), buffer, static_cast<int>(size));
    return ::recv(fd_.get(), buffer, size, 0);
}

std::string TestClient::line() {
    for (;;) {
        if (std::size_t end = input_.find("\r\n"); end != std::string::npos) {
            std::string line = input_.substr(0, end);
            input_.erase(0, end + 2);
            return line;
        }
        char buffer[65536];
        long got = read_some(buffer, sizeof buffer);
        if (got <= 0) return "<end>";
        input_.append(buffer, static_cast<std::size_t>(got));
    }
}

void TestClient::end_sending() {
    ::shutdown(fd_.get(), SHUT_WR);
}

void TestClient::start_tls() {
    context_.reset(::SSL_CTX_new(TLS_client_method()));
    tls_.reset(::SSL_new(context_.get()));
    ::SSL_set_fd(tls_.get(), fd_.get());
    if (::SSL_connect(tls_.get()) != 1) throw std::runtime_error("SSL_connect");
}

void TestClient::FreeTls::operator()(ssl_st* ssl) const {
    ::SSL_free(ssl);
}

void TestClient::FreeTls::operator()(ssl_ctx_st* context) const {
    ::SSL_CTX_free(context);
}
