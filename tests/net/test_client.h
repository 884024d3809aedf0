// SPDX-License-Identifier: MIT
// A blocking client for the socket tests, in the clear or under TLS; every read ends after some
// seconds, so that a failing test does not hang.
#pragma once

#include "base/fd.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

class TestClient {
  public:
    static TestClient to_port(std::uint16_t port);
    static TestClient to_path(const std::string& path);
    TestClient(TestClient&&) = default;
    TestClient& operator=(TestClient&&) = default;
    ~TestClient();

    void send(std::string_view bytes);
    // Without CRLF; "<end>" when the server has closed.
    std::string line();
    void start_tls();
    void close() { fd_.reset(); }
    // No more from us; reading goes on.
    void end_sending();

  private:
    explicit TestClient(base::Fd fd);
    long read_some(char* buffer, std::size_t size);
    struct FreeTls {
        void operator()(ssl_st* ssl) const;
        void operator()(ssl_ctx_st* context) const;
    };
    base::Fd fd_;
    std::unique_ptr<ssl_ctx_st, FreeTls> context_;
    std::unique_ptr<ssl_st, FreeTls> tls_;
    std::string input_;
};
