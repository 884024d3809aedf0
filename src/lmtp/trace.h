// SPDX-License-Identifier: MIT
// The header fields that final delivery puts before a message (RFC 5321 §4.4, RFC 3848, RFC 6531
// §4.3; in Dovecot's shape, compat 4.2), with LF line ends.
#pragma once

#include "lmtp/settings.h"

#include <cstdint>
#include <string>

namespace lmtp {

struct Trace {
    std::string sender;              // without <>
    std::string recipient;           // the only one accepted; empty when there are several
    std::string original_recipient;  // its ORCPT, or empty
    std::string helo;                // LHLO's argument, or empty
    std::string client_address;      // "192.0.2.1", or empty (unix socket)
    std::string tls;                 // "TLSv1.3 with cipher ...", or empty
    std::string id;                  // session and transaction
    bool smtputf8 = false;
    std::int64_t unix_seconds = 0;
    int zone_minutes = 0;
};

// Return-Path, Delivered-To (one recipient only) and Received, as the settings ask for.
std::string trace_header(const Trace& trace, const Settings& settings);

}  // namespace lmtp
