// SPDX-License-Identifier: MIT
// Handing a message to the MTA: through the program of sendmail_path, or by SMTP to submission_host
// (compat 1.5). Blocks, with a deadline; thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace deliver {

struct OutgoingSettings {
    std::string sendmail_path = "/usr/sbin/sendmail";  // words: program and leading arguments
    std::string submission_host;                       // host[:port]; not empty: used instead
    std::chrono::milliseconds timeout{30'000};         // submission_timeout
    std::string hostname;                              // for EHLO
    std::vector<std::string> environment;              // of the program
};

struct Letter {
    std::string sender;  // empty: the null sender
    std::string recipient;
    std::vector<std::string_view> content;  // whole message in pieces, line ends LF
};

struct Sent {
    enum class Result { sent, temporary, permanent };
    Result result = Result::temporary;
    std::string text;  // "Sendmail program returned error"; what the server said
    bool ok() const { return result == Result::sent; }
};

// Every way in which a program can fail is temporary; so is a server that cannot be reached. A 5xx
// reply is permanent.
Sent send_letter(const OutgoingSettings& settings, const Letter& letter);

}  // namespace deliver
