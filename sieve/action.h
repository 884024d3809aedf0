// SPDX-License-Identifier: MIT
// What a run wants to happen. The machine performs nothing; the host carries the list out: stores
// first, then what goes out, then what must be remembered after success.
#pragma once

#include "sieve/message.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sieve {

// Where in which script an action was decided: for the record of what decided.
struct Origin {
    std::string script;  // its display name
    unsigned line = 0;   // 1-based
};

// Flags as a script set them (RFC 5232): system flags in canonical case ("\\Seen") and keywords;
// `set` is false where the script said nothing about flags.
struct Flags {
    bool set = false;
    std::vector<std::string> names;
};

// Store in the default mailbox.
struct Keep {
    Flags flags;
    bool implicit = false;
};
// Store in a named mailbox (RFC 5228 §4.1).
struct FileInto {
    std::string mailbox;  // UTF-8
    Flags flags;
    bool copy = false;    // RFC 3894
    bool create = false;  // RFC 5490 §3.2
};
struct Redirect {
    std::string address;
    bool copy = false;
    // RFC 6009 §6 and §7; of `dsn` only `notify` and `ret`.
    DsnParameters dsn{};
    std::optional<DeliverBy> deliver_by{};
    // The sender is then the script's owner.
    bool asks_for_reports() const { return dsn.notify || dsn.ret || deliver_by; }
};
struct Discard {};
struct Reject {
    std::string reason;
    bool at_protocol = false;  // ereject (RFC 5429)
};
// A copy of what an action sends, into a mailbox (RFC 8580).
struct FileCopy {
    std::string mailbox;  // UTF-8
    std::vector<std::string> flags;
    bool create = false;
};
struct Vacation {
    std::string reason;
    std::string subject;
    std::string from;
    std::string handle;
    std::vector<std::string> addresses;
    std::int64_t period_seconds = -1;  // negative: the script says nothing of it
    bool mime = false;
    std::optional<FileCopy> file_copy{};
};
// By mail (RFC 5436), to at least one recipient.
struct Notify {
    std::vector<std::string> to;  // addresses
    std::vector<std::string> cc;
    std::optional<std::string> subject;  // absent: the message's
    std::optional<std::string> body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string from;         // empty: the script says nothing of it
    unsigned importance = 2;  // 1 (high) to 3
    bool by_old_extension = false;
    std::string id{};  // for denotify
    std::optional<FileCopy> file_copy{};
};
// vnd.dovecot.report: a report about the message (RFC 5965).
struct Report {
    std::string feedback_type;
    std::string text;
    std::string address;
    bool headers_only = false;
};
// vnd.dovecot.pipe
struct Pipe {
    std::string program;
    std::vector<std::string> arguments;
    bool copy = false;
    bool ignore_failure = false;  // :try
};
// Remember this id for that long once everything else succeeded (RFC 7352).
struct MarkSeen {
    std::string id;
    std::int64_t period_seconds = -1;  // negative: the script says nothing of it
    std::string handle{};              // for those who read of it
};

struct Action {
    Origin origin;
    std::variant<Keep, FileInto, Redirect, Discard, Reject, Vacation, Notify, Report, Pipe,
                 MarkSeen>
        what;
    // The message as it had been edited by then (RFC 5293 §7); absent: as it came.
    std::shared_ptr<const Message> message{};
};

}  // namespace sieve
