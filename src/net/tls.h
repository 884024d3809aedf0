// SPDX-License-Identifier: MIT
// TLS for servers on OpenSSL (RFC 5246, RFC 8446; RFC 9325 for what is refused). A TlsContext is
// made from the settings once and shared by connections and threads; one TlsSession belongs to one
// connection.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace net {

struct TlsSettings {
    std::string certificate;  // PEM: the server's, then its chain
    std::string key;          // PEM
    std::string key_password;
    std::string min_protocol;   // ssl_min_protocol; empty: TLSv1.2
    std::string cipher_list;    // ssl_cipher_list; empty: OpenSSL's
    std::string cipher_suites;  // ssl_cipher_suites
    bool prefer_server_ciphers = false;
};

class TlsContext {
  public:
    // Throws std::runtime_error in Dovecot's words ("Can't load SSL certificate (ssl_cert setting):
    // ...").
    explicit TlsContext(const TlsSettings& settings);
    ssl_ctx_st* get() const { return context_.get(); }

  private:
    struct Free {
        void operator()(ssl_ctx_st* context) const;
    };
    std::unique_ptr<ssl_ctx_st, Free> context_;
};

// What a non-blocking operation came to.
enum class IoResult { done, wants_read, wants_write, ended, failed };
struct Io {
    IoResult result = IoResult::done;
    std::size_t bytes = 0;  // done: at least one, for reads and writes
    std::string error;      // failed: why
};

class TlsSession {
  public:
    // `fd` is non-blocking and outlives the session.
    TlsSession(const TlsContext& context, int fd);

    Io handshake();
    Io read(char* buffer, std::size_t size);
    Io write(std::string_view bytes);
    // Says good-bye as far as that goes without waiting.
    void shutdown();
    // Decrypted bytes wait inside: reading does not need the socket.
    bool has_buffered() const;
    // "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"; after the handshake.
    std::string description() const;

  private:
    struct Free {
        void operator()(ssl_st* ssl) const;
    };
    Io outcome(int result, const char* operation) const;
    std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace net
