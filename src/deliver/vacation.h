// SPDX-License-Identifier: MIT
// Sieve vacation (RFC 5230, sieve-compat 2.5 and 3.9): whether a reply is sent, and the reply.
// Pure: the memory of earlier replies is asked through a function.
#pragma once

#include "mail/date.h"
#include "sieve/action.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace mail {
class HeaderBlock;
}

namespace deliver {

struct Envelope;
struct OwnAddresses;
struct UserSettings;

struct VacationRules {
    std::int64_t min_period = 86400;  // seconds
    std::int64_t max_period = 0;      // 0: none
    std::int64_t default_period = 7 * 86400;
    std::size_t max_subject_characters = 256;
    std::string default_subject = "Automated reply";
    std::string subject_template = "Auto: %$";
    bool use_original_recipient = false;
    bool dont_check_recipient = false;
    bool send_from_recipient = false;
    bool to_header_ignore_envelope = false;
};
// From plugin {}; periods that contradict each other are logged and return to their defaults.
VacationRules vacation_rules(const UserSettings& settings);

// What is replied to.
struct VacationSubject {
    const mail::HeaderBlock& header;  // as the script that decided saw it
    const Envelope& envelope;
    const OwnAddresses& own;
};

// By which replies are told apart where the script names none: all that makes their text (RFC 5230
// §4.7), as Pigeonhole puts it together.
std::string effective_handle(const sieve::Vacation& vacation);
// What is remembered of a reply: sender and handle.
std::string vacation_key(const sieve::Vacation& vacation, const VacationSubject& subject);

// Empty: a reply is due. Otherwise the log's text, by the first check that forbids it.
std::string why_no_vacation(const sieve::Vacation& vacation, const VacationSubject& subject,
                            const VacationRules& rules,
                            const std::function<bool()>& replied_before);

// The whole message, LF line ends.
std::string vacation_reply(const sieve::Vacation& vacation, const VacationSubject& subject,
                           const VacationRules& rules, const mail::Date& now,
                           const std::string& message_id);

// Seconds for which the reply is remembered: the script's, else the default, within the bounds.
std::int64_t vacation_period(const sieve::Vacation& vacation, const VacationRules& rules);

}  // namespace deliver
