// SPDX-License-Identifier: MIT
#include "deliver/vacation.h"

#include "base/text.h"
#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "deliver/user_settings.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/header.h"
#include "mail/report.h"
#include "sieve/program/binary.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <vector>

namespace deliver {
namespace {

constexpr std::array list_headers{"List-Id",          "List-Owner", "List-Subscribe", "List-Post",
                                  "List-Unsubscribe", "List-Help",  "List-Archive"};
constexpr std::array recipient_headers{"To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"};

std::string normal(std::string_view text) {
    const auto path = mail::parse_path(base::trim(text));
    if (!path) return base::to_lower(base::trim(text));
    return mail::address_text(mail::with_lower_address(*path));
}

// The addresses of the script's list, display names gone, in lower case.
std::vector<std::string> normal_addresses(const std::vector<std::string>& texts) {
    std::vector<std::string> result;
    for (const std::string& text : texts)
        for (const mail::Mailbox& mailbox : mail::parse_address_list(text).mailboxes)
            if (mailbox.valid) result.push_back(base::to_lower(mailbox.address()));
    return result;
}

bool contains(const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::string header_text(const mail::HeaderBlock& header, std::string_view name) {
    const auto value = header.first(name);
    return value ? mail::decode_value(*value) : std::string();
}

bool is_robot(std::string_view address) {
    const std::string local = base::to_lower(address.substr(0, address.rfind('@')));
    return local == "mailer-daemon" || local == "listserv" || local == "majordomo" ||
           local.find("-request") != std::string::npos || local.starts_with("owner-");
}

// The own address that the message was sent to, as it stands in its header.
std::optional<std::string> own_address_in(const mail::HeaderBlock& header,
                                          const std::vector<std::string>& own) {
    for (const char* name : recipient_headers)
        for (const mail::Field field : header.find(name))
            for (const mail::Mailbox& mailbox : mail::parse_address_list(field.value).mailboxes)
                if (mailbox.valid && contains(own, base::to_lower(mailbox.address())))
                    return mailbox.address();
    return std::nullopt;
}

std::vector<std::string> own_addresses(const sieve::Vacation& vacation,
                                       const VacationSubject& subject, const VacationRules& rules) {
    std::vector<std::string> own = normal_addresses(vacation.addresses);
    own.push_back(normal(subject.own.recipient));
    if (rules.use_original_recipient && !subject.own.original_recipient.empty())
        own.push_back(normal(subject.own.original_recipient));
    if (!subject.own.user_email.empty()) own.push_back(normal(subject.own.user_email));
    return own;
}

std::string reply_subject(const sieve::Vacation& vacation, const VacationSubject& subject,
                          const VacationRules& rules) {
    if (!vacation.subject.empty())
        return mail::cut_to_characters(vacation.subject, rules.max_subject_characters);
    const std::string original = header_text(subject.header, "Subject");
    if (original.empty()) return rules.default_subject;
    std::string text;
    std::string_view pattern = rules.subject_template;
    while (!pattern.empty()) {
        if (pattern.starts_with("%$")) {
            text += original;
            pattern.remove_prefix(2);
        } else if (pattern.starts_with("%{subject}")) {
            text += original;
            pattern.remove_prefix(10);
        } else {
            text += pattern.front();
            pattern.remove_prefix(1);
        }
    }
    return mail::cut_to_characters(std::move(text), rules.max_subject_characters);
}

std::vector<mail::Mailbox> reply_from(const sieve::Vacation& vacation,
                                      const VacationSubject& subject, const VacationRules& rules) {
    if (!vacation.from.empty()) {
        auto list = mail::parse_address_list(vacation.from);
        const auto valid = [](const mail::Mailbox& mailbox) { return mailbox.valid; };
        if (!list.mailboxes.empty() && std::ranges::all_of(list.mailboxes, valid)) {
            for (mail::Mailbox& mailbox : list.mailboxes)
                mailbox.source = {};
            return std::move(list.mailboxes);
        }
    }
    std::string address = subject.own.recipient;
    if (const auto found = own_address_in(subject.header, own_addresses(vacation, subject, rules)))
        address = *found;
    if (address.empty()) address = subject.own.postmaster;
    mail::Mailbox mailbox;
    const std::size_t at = address.rfind('@');
    mailbox.local_part = address.substr(0, at);
    if (at != std::string::npos) mailbox.domain = address.substr(at + 1);
    return {std::move(mailbox)};
}

// The envelope's sender, with the display name that goes with it in the header.
std::vector<mail::Mailbox> reply_to(const VacationSubject& subject, const VacationRules& rules) {
    const std::string& sender = *subject.envelope.sender;
    const std::string wanted = normal(sender);
    for (const char* name : {"Sender", "Resent-From", "From"})
        for (const mail::Field field : subject.header.find(name))
            for (mail::Mailbox mailbox : mail::parse_address_list(field.value).mailboxes) {
                if (!mailbox.valid || (!rules.to_header_ignore_envelope &&
                                       base::to_lower(mailbox.address()) != wanted))
                    continue;
                mailbox.source = {};
                return {std::move(mailbox)};
            }
    mail::Mailbox mailbox;
    const std::size_t at = sender.rfind('@');
    mailbox.local_part = sender.substr(0, at);
    if (at != std::string::npos) mailbox.domain = sender.substr(at + 1);
    return {std::move(mailbox)};
}

}  // namespace

VacationRules vacation_rules(const UserSettings& settings) {
    VacationRules rules;
    const VacationRules defaults;
    const auto period = [&](const char* key, std::int64_t otherwise) {
        const auto value = settings.plugin_time(key);
        return value ? value->count() : otherwise;
    };
    rules.min_period = period("sieve_vacation_min_period", rules.min_period);
    rules.max_period = period("sieve_vacation_max_period", rules.max_period);
    rules.default_period = period("sieve_vacation_default_period", rules.default_period);
    if (rules.max_period != 0 &&
        (rules.max_period < rules.min_period || rules.default_period > rules.max_period)) {
        settings.log.warning(
            "sieve: the vacation periods contradict each other; their defaults "
            "are used");
        rules.min_period = defaults.min_period;
        rules.max_period = defaults.max_period;
        rules.default_period = defaults.default_period;
    }
    rules.max_subject_characters = settings.plugin_number("sieve_vacation_max_subject_codepoints")
                                       .value_or(rules.max_subject_characters);
    // Not expanded: "%$" is this template's own.
    if (auto value = settings.plugin_text("sieve_vacation_default_subject"))
        rules.default_subject = *value;
    if (auto value = settings.plugin_text("sieve_vacation_default_subject_template"))
        rules.subject_template = *value;
    const auto flag = [&](const char* key) { return settings.plugin_bool(key).value_or(false); };
    rules.use_original_recipient = flag("sieve_vacation_use_original_recipient");
    rules.dont_check_recipient = flag("sieve_vacation_dont_check_recipient");
    rules.send_from_recipient = flag("sieve_vacation_send_from_recipient");
    rules.to_header_ignore_envelope = flag("sieve_vacation_to_header_ignore_envelope");
    return rules;
}

std::string effective_handle(const sieve::Vacation& vacation) {
    if (!vacation.handle.empty()) return vacation.handle;
    return vacation.reason + (vacation.subject.empty() ? "<default-subject>" : vacation.subject) +
           (vacation.from.empty() ? "<default-from>" : vacation.from) +
           (vacation.mime ? "<MIME>" : "<NO-MIME>");
}

std::string vacation_key(const sieve::Vacation& vacation, const VacationSubject& subject) {
    std::string handle = vacation.handle;
    if (handle.empty()) {
        for (const std::string* piece : {&vacation.reason, &vacation.subject, &vacation.from})
            (handle += *piece) += '\0';
        handle += vacation.mime ? "mime" : "plain";
    }
    std::string text = "vacation";
    text += '\0';
    text += base::to_lower(subject.envelope.sender.value_or(""));
    text += '\0';
    text += handle;
    return sieve::to_string(sieve::hash_source(text));
}

std::string why_no_vacation(const sieve::Vacation& vacation, const VacationSubject& subject,
                            const VacationRules& rules,
                            const std::function<bool()>& replied_before) {
    const std::string& recipient = subject.own.recipient;
    if (recipient.empty()) return "discarding vacation response: the recipient is not known";
    if (is_null_sender(subject.envelope)) return "discarded vacation reply to <>";
    const std::string sender = *subject.envelope.sender;
    const std::string to = "discarding vacation response to <" + sender + ">: ";
    if (normal(sender) == normal(recipient))
        return "discarded vacation reply to own address <" + sender + '>';
    const std::vector<std::string> addresses = normal_addresses(vacation.addresses);
    if (contains(addresses, normal(sender)))
        return "discarded vacation reply to own address <" + sender +
               "> (as specified using :addresses argument)";
    if (replied_before()) return "discarded duplicate vacation response to <" + sender + '>';
    for (const char* name : list_headers)
        if (subject.header.has(name))
            return "discarding vacation response to mailinglist recipient <" + sender +
                   ">: header " + name;
    if (mail::is_auto_submitted(subject.header))
        return "discarding vacation response to auto-submitted message from <" + sender + '>';
    const std::string precedence = base::to_lower(header_text(subject.header, "Precedence"));
    if (precedence == "junk" || precedence == "bulk" || precedence == "list")
        return "discarding vacation response to precedence=" + precedence + " message from <" +
               sender + '>';
    for (const mail::Field field : subject.header.find("X-Auto-Response-Suppress")) {
        const std::string value = mail::decode_value(field.value);
        for (const std::string_view word : base::split(value, ','))
            if (base::iequals(base::trim(word), "All") || base::iequals(base::trim(word), "OOF"))
                return to + "X-Auto-Response-Suppress forbids it";
    }
    if (is_robot(sender)) return "not sending vacation response to system address <" + sender + '>';
    if (rules.dont_check_recipient) return {};
    if (own_address_in(subject.header, own_addresses(vacation, subject, rules))) return {};
    return "discarding vacation response for implicitly delivered message; no known (envelope) "
           "recipient address found in message headers (recipient=<" +
           recipient + ">, and " +
           (addresses.empty() ? "no additional `:addresses' are specified)"
                              : "additional `:addresses' are specified)");
}

std::string vacation_reply(const sieve::Vacation& vacation, const VacationSubject& subject,
                           const VacationRules& rules, const mail::Date& now,
                           const std::string& message_id) {
    std::string text = sieve_header_line();
    text += mail::header_field("Message-ID", message_id);
    text += mail::header_field("Date", mail::format_date(now));
    const std::vector<mail::Mailbox> from = reply_from(vacation, subject, rules);
    text += mail::address_field("From", from);
    // Of several authors one sends (RFC 5322 §3.6.2).
    if (from.size() > 1) text += mail::address_field("Sender", {from.front()});
    text += mail::address_field("To", reply_to(subject, rules));
    text += mail::text_field("Subject", reply_subject(vacation, subject, rules));
    if (const auto id = subject.header.first("Message-ID")) {
        const std::string original = mail::unfold(*id);
        text += mail::header_field("In-Reply-To", original);
        const auto references = subject.header.first("References");
        text += mail::header_field(
            "References", references ? mail::unfold(*references) + ' ' + original : original);
    }
    text += mail::header_field("Auto-Submitted", "auto-replied (vacation)");
    text += mail::header_field("Precedence", "bulk");
    text += mail::header_field("X-Auto-Response-Suppress", "All");
    text += mail::header_field("MIME-Version", "1.0");
    std::string reason = vacation.reason;
    std::erase(reason, '\r');
    if (vacation.mime) {
        text += reason;  // its own MIME header, an empty line, and the body (RFC 5230 §4.3)
    } else {
        text += mail::header_field("Content-Type", "text/plain; charset=utf-8");
        text += mail::header_field("Content-Transfer-Encoding", "8bit");
        text += '\n';
        text += reason;
    }
    if (!text.ends_with('\n')) text += '\n';
    return text;
}

std::int64_t vacation_period(const sieve::Vacation& vacation, const VacationRules& rules) {
    std::int64_t period =
        vacation.period_seconds < 0 ? rules.default_period : vacation.period_seconds;
    period = std::max(period, rules.min_period);
    if (rules.max_period > 0) period = std::min(period, rules.max_period);
    return period;
}

}  // namespace deliver
