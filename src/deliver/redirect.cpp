// SPDX-License-Identifier: MIT
#include "deliver/redirect.h"

#include "base/text.h"
#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "mail/address.h"
#include "mail/compose.h"

namespace deliver {
namespace {

constexpr std::string_view redirected_from = "X-Sieve-Redirected-From";

std::string without_brackets(std::string_view text) {
    text = base::trim(text);
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>')
        text = text.substr(1, text.size() - 2);
    return std::string(text);
}

// For comparing: the address in lower case, if it is one.
std::string normal(std::string_view text) {
    const auto path = mail::parse_path(base::trim(text));
    if (!path) return base::to_lower(base::trim(text));
    return mail::address_text(mail::with_lower_address(*path));
}

}  // namespace

bool OwnAddresses::has(std::string_view address) const {
    const std::string wanted = normal(address);
    return !wanted.empty() &&
           (wanted == normal(recipient) || wanted == normal(original_recipient) ||
            wanted == normal(user_email));
}

bool is_null_sender(const Envelope& envelope) {
    return !envelope.sender || envelope.sender->empty() ||
           base::iequals(*envelope.sender, "MAILER-DAEMON");
}

std::optional<std::string> address_by_keyword(std::string_view keyword, const OwnAddresses& own) {
    const std::string wanted = base::to_lower(base::trim(keyword));
    if (wanted == "recipient") return own.recipient;
    if (wanted == "orig_recipient")
        return own.original_recipient.empty() ? own.recipient : own.original_recipient;
    if (wanted == "user_email") return own.own();
    if (wanted == "postmaster") return own.postmaster;
    if (wanted.starts_with('<') && wanted.ends_with('>')) return without_brackets(keyword);
    return std::nullopt;
}

bool is_address_setting(std::string_view value) {
    value = base::trim(value);
    if (base::iequals(value, "sender")) return true;
    const auto address = address_by_keyword(value, {});
    return address && (address->empty() || mail::parse_path(value));
}

std::string redirect_sender(std::string_view setting, const Envelope& envelope,
                            const OwnAddresses& own) {
    if (is_null_sender(envelope)) return {};
    return address_by_keyword(setting, own).value_or(*envelope.sender);
}

bool is_redirect_loop(const mail::HeaderBlock& header, std::string_view own_address) {
    if (own_address.empty()) return false;
    const std::string own = normal(own_address);
    for (const mail::Field field : header.find(redirected_from))
        if (normal(mail::unfold(field.value)) == own) return true;
    return false;
}

std::string sieve_header_line() {
    return mail::header_field("X-Sieve", "Pigeonhole Sieve 0.5.19 (Tamis 0.1.0)");
}

void make_redirect_copy(RedirectCopy& copy, const MessageText& message,
                        std::string_view own_address, std::string_view new_message_id) {
    copy.added = sieve_header_line();
    if (!own_address.empty()) copy.added += mail::header_field(redirected_from, own_address);
    const mail::HeaderBlock& header = message.header;
    if (!header.has("Message-ID")) copy.added += mail::header_field("Message-ID", new_message_id);
    copy.pieces.assign(1, copy.added);
    std::size_t from = 0;
    for (const mail::Field field : header.find("Return-Path")) {
        copy.pieces.push_back(message.header_bytes.substr(from, field.offset - from));
        from = field.offset + field.size;
    }
    copy.pieces.push_back(message.header_bytes.substr(from));
    copy.pieces.push_back(message.rest);
}

}  // namespace deliver
