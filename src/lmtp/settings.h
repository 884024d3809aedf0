// SPDX-License-Identifier: MIT
// What a session needs to know of the configuration and of its client; plain data, shared read-only
// by all sessions that began under one configuration.
#pragma once

#include "base/spool.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace lmtp {

// lmtp_hdr_delivery_address
enum class DeliveryAddress { none, final, original };

struct Limits {
    // RFC 5321 §4.5.3.1.4 asks for 512; ORCPT, SMTPUTF8 and XFORWARD need more.
    std::size_t line_bytes = 4096;
    std::size_t recipients = 1000;     // RFC 5321 §4.5.3.1.8 asks for 100
    std::uint64_t message_bytes = 0;   // lmtp_max_message_size; 0: none
    std::size_t bad_commands = 10;     // more in a row end the session (compat 4.1)
    unsigned deliveries_per_user = 0;  // lmtp_user_concurrency_limit; 0: none
};

struct Settings {
    std::string hostname;
    std::string greeting = "Tamis ready.";  // login_greeting
    bool add_received_header = true;
    DeliveryAddress delivery_address = DeliveryAddress::final;
    bool starttls = false;                // a certificate is there
    bool whitespace_before_path = false;  // lmtp_client_workarounds
    bool mailbox_for_path = false;
    Limits limits;
    base::Spool::Limits spool;
};

// The connection that a session runs on.
struct Peer {
    std::string address;  // "192.0.2.1", "2001:db8::1"; empty for a unix socket
    std::uint16_t port = 0;
    std::string local_address;
    std::string session;   // id: 22 characters of base64, unique
    bool trusted = false;  // login_trusted_networks: XCLIENT and XFORWARD are allowed
    std::string tls;       // description, where TLS stands from the start
};

}  // namespace lmtp
