// SPDX-License-Identifier: MIT
// Sieve redirect (RFC 5228 §4.2, sieve-compat 2.4 and 3.11): which envelope sender the copy gets,
// which header fields are put in front of it, what is left out, and whether it would go in a
// circle. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mail {
class HeaderBlock;
}

namespace deliver {

struct Envelope;
struct MessageText;

// What a script's messages are sent as. `user_email`: sieve_user_email, or the user's name where
// that is an address; empty otherwise.
struct OwnAddresses {
    std::string recipient;           // final, as given
    std::string original_recipient;  // empty: not known
    std::string user_email;
    std::string postmaster;
    // sieve_user_email, else the final recipient.
    const std::string& own() const { return user_email.empty() ? recipient : user_email; }
    // Whether mail to that address comes here.
    bool has(std::string_view address) const;
};

// No sender, an empty one, or the MAILER-DAEMON that Postfix's pipe says for it (compat 13).
bool is_null_sender(const Envelope& envelope);

// The address that a keyword of sieve_redirect_envelope_from and its like means; nothing for
// "sender", and for what is no keyword.
std::optional<std::string> address_by_keyword(std::string_view keyword, const OwnAddresses& own);

// Whether it is "sender", another keyword, or an address in angle brackets.
bool is_address_setting(std::string_view value);

// sieve_redirect_envelope_from: sender, recipient, orig_recipient, user_email, postmaster or
// <address>. The null sender stays null always.
std::string redirect_sender(std::string_view setting, const Envelope& envelope,
                            const OwnAddresses& own);

// X-Sieve-Redirected-From names our own address already.
bool is_redirect_loop(const mail::HeaderBlock& header, std::string_view own_address);

struct RedirectCopy {
    std::string added;                     // header lines in front, LF
    std::vector<std::string_view> pieces;  // `added`, then the message without Return-Path
};
// `new_message_id` is used only where the message has none. The pieces refer to `copy.added` and
// the message: fill it where it stays.
void make_redirect_copy(RedirectCopy& copy, const MessageText& message,
                        std::string_view own_address, std::string_view new_message_id);

// "X-Sieve: ..." with its line end.
std::string sieve_header_line();

}  // namespace deliver
