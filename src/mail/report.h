// SPDX-License-Identifier: MIT
// Reports to a sender that a message was not delivered: multipart/report (RFC 6522) with a delivery
// status (RFC 3464) or a disposition notification (RFC 8098), in the shape of dovecot-compat 3.6.
// Pure functions giving message text with LF line ends; sending is not theirs.
#pragma once

#include "mail/date.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mail {

class HeaderBlock;
class Message;

struct ReportContext {
    Date now;
    std::int64_t microseconds = 0;  // of `now`, for the Message-ID
    std::uint64_t counter = 0;
    std::int64_t process_id = 0;
    std::string hostname;
    std::string postmaster;  // postmaster_address: an address, or a whole mailbox text
};

struct Rejection {
    std::string sender;            // where the report goes: envelope sender
    std::string recipient;         // final recipient
    std::string orig_recipient;    // empty: taken from the message's Original-Recipient field
    std::string reason;            // %r: of the store or the script, UTF-8
    std::string subject_pattern;   // rejection_subject
    std::string reason_pattern;    // rejection_reason
    std::string status = "5.2.0";  // "5.2.2" when the mailbox is full
};

// postmaster_address as a mailbox text.
std::string postmaster_mailbox(std::string_view postmaster);

// Over quota and other refusals of the store.
std::string delivery_status_report(const ReportContext& context, const Rejection& rejection,
                                   const Message& original);
// Sieve reject (RFC 5429 §2.2).
std::string disposition_report(const ReportContext& context, const Rejection& rejection,
                               const Message& original);

// vnd.dovecot.report: what a user says of a message (RFC 5965).
struct Feedback {
    std::string from;       // a mailbox text
    std::string to;         // address
    std::string type;       // "abuse", "fraud", ... (RFC 5965 §7.3)
    std::string text;       // for people, UTF-8
    std::string sender;     // of the message, from its envelope
    std::string recipient;  // final
    std::string user;       // who reports
    std::string user_agent;
    std::string message_id;     // of the report, with its angle brackets
    bool headers_only = false;  // the message's header alone goes with it
};
// `header` and `rest` are the message's octets.
std::string feedback_report(const ReportContext& context, const Feedback& feedback,
                            std::string_view header, std::string_view rest);

// Auto-Submitted other than "no" (RFC 3834 §2): then no report may be sent.
bool is_auto_submitted(const HeaderBlock& header);

}  // namespace mail
