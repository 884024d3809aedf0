// SPDX-License-Identifier: MIT
#include "net/tls.h"

#include "base/error.h"

#include <climits>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace net {
namespace {

struct FreeBio {
    void operator()(BIO* bio) const { ::BIO_free(bio); }
};
struct FreeX509 {
    void operator()(X509* certificate) const { ::X509_free(certificate); }
};
struct FreeKey {
    void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeX509>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

// The oldest error of the queue, which is then empty.
std::string take_error() {
    unsigned long code = ::ERR_get_error();
    ::ERR_clear_error();
    if (code == 0) return "unknown error";
    char text[256];
    ::ERR_error_string_n(code, text, sizeof text);
    return text;
}

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + take_error());
}

Bio memory_bio(const std::string& text) {
    return Bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void use_certificate(SSL_CTX* context, const std::string& pem) {
    constexpr const char* what = "Can't load SSL certificate (ssl_cert setting)";
    Bio bio = memory_bio(pem);
    Certificate leaf(::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!leaf || ::SSL_CTX_use_certificate(context, leaf.get()) != 1) fail(what);
    while (Certificate issuer{::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        if (::SSL_CTX_add0_chain_cert(context, issuer.get()) != 1) fail(what);
        [[maybe_unused]] X509* owned_by_context = issuer.release();
    }
    ::ERR_clear_error();  // "no start line": the end of the chain
}

int give_password(char* buffer, int size, int, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    std::ranges::copy(text, buffer);
    return static_cast<int>(text.size());
}

void use_key(SSL_CTX* context, const std::string& pem, std::string password) {
    constexpr const char* what = "Can't load SSL private key (ssl_key setting)";
    Bio bio = memory_bio(pem);
    Key key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password));
    if (!key || ::SSL_CTX_use_PrivateKey(context, key.get()) != 1) fail(what);
}

int protocol_version(const std::string& name) {
    constexpr std::pair<std::string_view, int> versions[] = {
        {"", TLS1_2_VERSION},        {"TLSv1", TLS1_VERSION},     {"TLSv1.1", TLS1_1_VERSION},
        {"TLSv1.2", TLS1_2_VERSION}, {"TLSv1.3", TLS1_3_VERSION}, {"ANY", 0}};
    for (const auto& [known, version] : versions) {
        if (known == name) return version;
    }
    throw std::runtime_error("Unknown ssl_min_protocol setting '" + name + "'");
}

}  // namespace

TlsContext::TlsContext(const TlsSettings& settings) : context_(::SSL_CTX_new(TLS_server_method())) {
    if (!context_) fail("SSL_CTX_new() failed");
    SSL_CTX* context = context_.get();
    ::SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    if (settings.prefer_server_ciphers)
        ::SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Idle connections give their buffers back; a write may go on from another address.
    ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    ::SSL_CTX_set_min_proto_version(context, protocol_version(settings.min_protocol));
    if (!settings.cipher_list.empty() &&
        ::SSL_CTX_set_cipher_list(context, settings.cipher_list.c_str()) != 1)
        fail("Can't set cipher list to '" + settings.cipher_list + "'");
    if (!settings.cipher_suites.empty() &&
        ::SSL_CTX_set_ciphersuites(context, settings.cipher_suites.c_str()) != 1)
        fail("Can't set ciphersuites to '" + settings.cipher_suites + "'");
    use_certificate(context, settings.certificate);
    use_key(context, settings.key, settings.key_password);
    if (::SSL_CTX_check_private_key(context) != 1)
        fail("Can't load SSL private key (ssl_key setting): Key is for a different certificate");
}

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
    ::SSL_CTX_free(context);
}

void TlsSession::Free::operator()(ssl_st* ssl) const {
    ::SSL_free(ssl);
}

TlsSession::TlsSession(const TlsContext& context, int fd) : ssl_(::SSL_new(context.get())) {
    if (!ssl_ || ::SSL_set_fd(ssl_.get(), fd) != 1) fail("SSL_new() failed");
    ::SSL_set_accept_state(ssl_.get());
}

Io TlsSession::outcome(int result, const char* operation) const {
    int error = errno;
    switch (::SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {IoResult::wants_read, 0, {}};
        case SSL_ERROR_WANT_WRITE:
            return {IoResult::wants_write, 0, {}};
        case SSL_ERROR_ZERO_RETURN:
            return {IoResult::ended, 0, {}};
        case SSL_ERROR_SYSCALL:
            if (::ERR_peek_error() != 0) break;
            if (error == 0) return {IoResult::ended, 0, {}};
            return {IoResult::failed, 0,
                    std::string(operation) + "() failed: " + base::error_text(error)};
    }
    return {IoResult::failed, 0, std::string(operation) + "() failed: " + take_error()};
}

Io TlsSession::handshake() {
    ::ERR_clear_error();
    errno = 0;
    int result = ::SSL_accept(ssl_.get());
    return result == 1 ? Io{IoResult::done, 0, {}} : outcome(result, "SSL_accept");
}

Io TlsSession::read(char* buffer, std::size_t size) {
    ::ERR_clear_error();
    errno = 0;
    int result =
        ::SSL_read(ssl_.get(), buffer, static_cast<int>(std::min<std::size_t>(size, INT_MAX)));
    if (result > 0) return {IoResult::done, static_cast<std::size_t>(result), {}};
    return outcome(result, "SSL_read");
}

Io TlsSession::write(std::string_view bytes) {
    ::ERR_clear_error();
    errno = 0;
    int result = ::SSL_write(ssl_.get(), bytes.data(),
                             static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
    if (result > 0) return {IoResult::done, static_cast<std::size_t>(result), {}};
    return outcome(result, "SSL_write");
}

void TlsSession::shutdown() {
    ::ERR_clear_error();
    ::SSL_shutdown(ssl_.get());
    ::ERR_clear_error();
}

bool TlsSession::has_buffered() const {
    return ::SSL_pending(ssl_.get()) > 0;
}

std::string TlsSession::description() const {
    const SSL_CIPHER* cipher = ::SSL_get_current_cipher(ssl_.get());
    int algorithm_bits = 0;
    int used_bits = ::SSL_CIPHER_get_bits(cipher, &algorithm_bits);
    return std::string(::SSL_get_version(ssl_.get())) + " with cipher " +
           ::SSL_CIPHER_get_name(cipher) + " (" + std::to_string(used_bits) + "/" +
           std::to_string(algorithm_bits) + " bits)";
}

}  // namespace net
