// SPDX-License-Identifier: MIT
#include "deliver/notify.h"

#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/report.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace deliver {
namespace {

// As vacation's (sieve-compat 3.9).
constexpr std::size_t max_subject_characters = 256;
constexpr std::string_view default_subject = "New mail notification";
constexpr std::string_view old_subject = "[SIEVE] New mail notification";
constexpr std::string_view default_body = "Notification of new message.\n";

mail::Mailbox mailbox_of(const std::string& address, std::string display_name = {}) {
    mail::Mailbox mailbox;
    const std::size_t at = address.rfind('@');
    mailbox.local_part = address.substr(0, at);
    if (at != std::string::npos) mailbox.domain = address.substr(at + 1);
    mailbox.display_name = std::move(display_name);
    return mailbox;
}

std::vector<mail::Mailbox> mailboxes_of(const std::vector<std::string>& addresses) {
    std::vector<mail::Mailbox> mailboxes;
    for (const std::string& address : addresses)
        mailboxes.push_back(mailbox_of(address));
    return mailboxes;
}

std::optional<mail::Mailbox> author(const sieve::Notify& notify) {
    if (notify.from.empty()) return std::nullopt;
    auto list = mail::parse_address_list(notify.from);
    if (list.mailboxes.size() != 1 || !list.mailboxes.front().valid) return std::nullopt;
    list.mailboxes.front().source = {};
    return std::move(list.mailboxes.front());
}

std::string subject_of(const sieve::Notify& notify, const NotifySubject& subject) {
    if (notify.by_old_extension) return std::string(old_subject);
    std::string text;
    if (notify.subject)
        text = *notify.subject;
    else if (const auto original = subject.header.first("Subject"))
        text = mail::decode_value(*original);
    if (text.empty()) text = default_subject;
    return mail::cut_to_characters(std::move(text), max_subject_characters);
}

std::string_view priority(unsigned importance) {
    return importance == 1 ? "1 (Highest)" : importance == 3 ? "5 (Lowest)" : "3 (Normal)";
}
std::string_view importance_text(unsigned importance) {
    return importance == 1 ? "High" : importance == 3 ? "Low" : "Normal";
}

// "x-foo-bar" as "X-Foo-Bar" (RFC 5436 §2.7).
std::string capitalised(std::string name) {
    bool begin = true;
    for (char& c : name) {
        if (begin && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        begin = c == '-';
    }
    return name;
}

std::string quoted(std::string_view address) {
    std::string text = "\"";
    for (const char c : address) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

}  // namespace

std::string why_no_notification(const NotifySubject& subject) {
    if (!mail::is_auto_submitted(subject.header)) return {};
    return "not sending notification for auto-submitted message from <" +
           subject.envelope.sender.value_or("") + '>';
}

std::string notification_sender(const sieve::Notify& notify, std::string_view setting,
                                const NotifySubject& subject) {
    if (is_null_sender(subject.envelope)) return {};
    if (!setting.empty()) return redirect_sender(setting, subject.envelope, subject.own);
    const auto from = author(notify);
    return from ? from->address() : subject.own.postmaster;
}

std::string notification(const sieve::Notify& notify, const NotifySubject& subject,
                         const mail::Date& now, const std::string& message_id) {
    std::string text = sieve_header_line();
    text += mail::header_field("Message-ID", message_id);
    text += mail::header_field("Date", mail::format_date(now));
    text += mail::text_field("Subject", subject_of(notify, subject));
    text += mail::address_field(
        "From", {author(notify).value_or(mailbox_of(subject.own.postmaster, "Postmaster"))});
    if (!notify.to.empty()) text += mail::address_field("To", mailboxes_of(notify.to));
    if (!notify.cc.empty()) text += mail::address_field("Cc", mailboxes_of(notify.cc));
    text += mail::header_field("Auto-Submitted",
                               notify.by_old_extension
                                   ? "auto-generated (notify)"
                                   : "auto-notified; owner-email=" + quoted(subject.own.own()));
    text += mail::header_field("Precedence", "bulk");
    text += mail::header_field("X-Priority", priority(notify.importance));
    text += mail::header_field("Importance", importance_text(notify.importance));
    if (const auto id = subject.header.first("Message-ID"))
        text += mail::header_field("References", mail::unfold(*id));
    for (const auto& [name, value] : notify.headers)
        text += mail::text_field(capitalised(name), value);
    std::string body = notify.body ? *notify.body : std::string(default_body);
    std::erase(body, '\r');
    if (!body.ends_with('\n')) body += '\n';
    const bool ascii = mail::is_ascii(body);
    text += mail::header_field("MIME-Version", "1.0");
    text += mail::header_field(
        "Content-Type", ascii ? "text/plain; charset=us-ascii" : "text/plain; charset=utf-8");
    text += mail::header_field("Content-Transfer-Encoding", ascii ? "7bit" : "8bit");
    return text + '\n' + body;
}

}  // namespace deliver
