// SPDX-License-Identifier: MIT
// Sieve notify by mail (RFC 5435, RFC 5436; sieve-compat 2.7): whether it is sent, from whom, and
// the message. Pure.
#pragma once

#include "mail/date.h"
#include "sieve/action.h"

#include <string>
#include <string_view>

namespace mail {
class HeaderBlock;
}

namespace deliver {

struct Envelope;
struct OwnAddresses;

// What is notified of.
struct NotifySubject {
    const mail::HeaderBlock& header;  // as the script that decided saw it
    const Envelope& envelope;
    const OwnAddresses& own;
};

// Empty: it is sent. Otherwise the log's text.
std::string why_no_notification(const NotifySubject& subject);

// sieve_notify_mailto_envelope_from, empty where it is not set: then :from or the postmaster. The
// null sender stays null always.
std::string notification_sender(const sieve::Notify& notify, std::string_view setting,
                                const NotifySubject& subject);

// The whole message, LF line ends.
std::string notification(const sieve::Notify& notify, const NotifySubject& subject,
                         const mail::Date& now, const std::string& message_id);

}  // namespace deliver
