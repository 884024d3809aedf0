// SPDX-License-Identifier: MIT
// Handing a message to the MTA: through the program of sendmail_path, or by SMTP to submission_host
// (compat 1.5). Blocks, with a deadline; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
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

// What the next server is asked for, where it can do it.
struct Wishes {
    std::string notify;  // NOTIFY of RFC 3461 §4.1, "NEVER" or a list; empty: nothing is said
    std::string ret;     // RET, §4.3
    // BY of RFC 2852: seconds that are left, and the mode's letters ("R", "NT").
    struct By {
        std::int64_t seconds = 0;
        bool returns = false;
        bool trace = false;
    };
    std::optional<By> by;
};

struct Letter {
    std::string sender;  // empty: the null sender
    std::string recipient;
    std::vector<std::string_view> content;  // whole message in pieces, line ends LF
    Wishes wishes{};
};

struct Sent {
    enum class Result { sent, temporary, permanent };
    Result result = Result::temporary;
    std::string text;  // "Sendmail program returned error"; what the server said
    bool ok() const { return result == Result::sent; }
};

// Every way in which a program can fail is temporary; so is a server that cannot be reached. A 5xx
// reply is permanent. A letter that must be returned when it is late goes to no server that does
// not promise that (RFC 2852 §4.1.4): permanent, too.
Sent send_letter(const OutgoingSettings& settings, const Letter& letter);

}  // namespace deliver
