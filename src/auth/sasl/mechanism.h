// SPDX-License-Identifier: MIT
// The server's side of one SASL exchange (RFC 4422) without I/O: start() once, then respond() after
// each Challenge and answer() after each need, until Success or Failure. An object serves one
// exchange of one client; it is used by one thread at a time. Which mechanisms there are says
// table.h.
//
// An unknown user and a wrong secret cannot be told apart by the client: the same steps, the same
// texts, proofs compared in constant time. What remains is the time of the caller's look-up, and of
// SCRAM's PBKDF2 where the stored secret is a plain password: auth_failure_delay hides them.
//
// GNU SASL has server sides of these mechanisms too, but not what is needed here: its callbacks
// must answer before they return (a look-up takes an LDAP server's time), it knows neither
// tls-server-end-point nor several realms nor CRAM-MD5's hashed secrets nor tokens, has no limits
// of size, fails an unknown SCRAM user in another step than a wrong password, and compares proofs
// by memcmp and strcmp. So it serves as the client in the tests.
#pragma once

#include "auth/sasl/step.h"
#include "base/clock.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace auth::sasl {

struct MechanismInfo;

// Text for nonces without a comma, quote, backslash or space, made of this many random bytes; no
// two are alike. Throws std::system_error where the system has no randomness.
std::string random_nonce(std::size_t bytes);

// What all exchanges of a server share.
struct Settings {
    std::string host;                          // in CRAM-MD5's challenge
    std::vector<std::string> realms;           // auth_realms; DIGEST-MD5 offers "" where none is
    std::string anonymous_user = "anonymous";  // auth_anonymous_username
    // Makes the salts of users without one of their own, so that an unknown user's looks like a
    // real one's and stays the same: at least 32 random bytes, kept over restarts and the same on
    // all hosts. Empty: a key of this process.
    std::string salt_key;
    unsigned scram_iterations = 4096;  // of those salts: as the site's stored secrets have
    std::string token_scope;           // RFC 7628 §3.2.2, told to a client whose token fails
    std::string openid_configuration;  // likewise, a URL
    const base::Clock* clock = &base::system_clock();
    std::function<std::string(std::size_t)> nonce = random_nonce;
};

// What TLS gives to bind to (RFC 5929, RFC 9266). tls-unique is for TLS 1.2 with the extended
// master secret only (RFC 9266 §3); the caller does not give it for another connection.
struct ChannelBinding {
    std::string type;  // "tls-exporter", "tls-server-end-point", "tls-unique"
    std::string data;
};

// Whether the client was told of a -PLUS mechanism: then one that claims the server has none
// ("y,,") has been lied to (RFC 5802 §6).
enum class PlusOffered { no, yes };

// What is known of the client's connection.
struct Peer {
    std::string service;                   // "imap", "pop3", "smtp", "sieve"; empty: any
    std::vector<ChannelBinding> bindings;  // of its TLS connection; the types that it may choose
    PlusOffered plus_offered = PlusOffered::no;
    std::string certificate_user;  // whom its verified certificate names; empty: no certificate
    std::string apop_prefix;       // POP3: how the greeting's challenge begins, "<PID.ID."
};

class Mechanism {
  public:
    // `info` is a row of the table, whose make() calls this.
    Mechanism(const MechanismInfo& info, std::shared_ptr<const Settings> settings, Peer peer);
    virtual ~Mechanism() = default;
    Mechanism(const Mechanism&) = delete;
    Mechanism& operator=(const Mechanism&) = delete;

    const MechanismInfo& info() const { return info_; }

    // Begins, with the client's initial response where it sent one (which may be empty).
    Step start(std::optional<std::string_view> initial_response);
    // The client's answer to a Challenge, decoded from base64. An abort ("*") is the caller's.
    Step respond(std::string_view response);
    // The answer to a need. Throws std::logic_error where it is none to the last step.
    Step answer(const Answer& given);

  protected:
    // As the public ones, called in their order only and within the limits of size. Where the
    // client begins (the default), no or an empty initial response gives an empty challenge.
    virtual Step on_start(std::optional<std::string_view> initial_response);
    virtual Step on_response(std::string_view response) = 0;
    virtual Step on_verdict(Verdict verdict);
    virtual Step on_secret(const Secret& secret);
    virtual Step on_no_secret(const NoSecret& none);
    virtual Step on_token(const TokenVerdict& verdict);

    const Settings& settings() const { return *settings_; }
    const Peer& peer() const { return peer_; }

    // The Step for a verdict: success of this identity, or the failure that it means.
    static Step conclude(Verdict verdict, const Identity& identity);

  private:
    Step checked(Step step);

    enum class Next { start, response, answer, nothing };
    const MechanismInfo& info_;
    std::shared_ptr<const Settings> settings_;
    Peer peer_;
    Next next_ = Next::start;
};

}  // namespace auth::sasl
