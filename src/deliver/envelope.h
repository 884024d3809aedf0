// SPDX-License-Identifier: MIT
// Who sends what to whom, as the MTA said it, and over which connection.
#pragma once

#include "sieve/message.h"

#include <chrono>
#include <optional>
#include <string>

namespace deliver {

struct Envelope {
    std::optional<std::string>
        sender;             // absent: not known (LDA without -f); empty: the null sender
    std::string recipient;  // final recipient as given (RCPT TO, or -r / -d)
    std::optional<std::string> original_recipient;  // ORCPT, or -a
    std::string auth_user;                          // SMTP AUTH identity where known
    // The client as XCLIENT or XFORWARD tell it; empty where unknown.
    std::string remote_address;
    std::string remote_host;
    std::string helo;
    std::string queue_id;
    std::string session;  // session id for log prefix and reply
    bool smtputf8 = false;
    sieve::DsnParameters dsn{};                    // RFC 3461
    std::optional<sieve::DeliverBy> deliver_by{};  // RFC 2852
    // When the session (or the LDA) began; %{session_time} of deliver_log_format counts from here.
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

}  // namespace deliver
