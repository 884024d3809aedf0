// SPDX-License-Identifier: MIT
#include "deliver/redirect.h"

#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "mail/message.h"

#include <catch2/catch.hpp>

using deliver::Envelope;
using deliver::OwnAddresses;

namespace {

std::string copy_of(std::string_view text) {
    const mail::Message message(text);
    deliver::RedirectCopy copy;
    deliver::make_redirect_copy(copy, deliver::text_of(message), "r@example.com", "<new@h>");
    std::string whole;
    for (const std::string_view piece : copy.pieces)
        whole += piece;
    return whole.substr(whole.find('\n') + 1);  // X-Sieve names our version
}

}  // namespace

TEST_CASE("the envelope sender of a forward (sieve-compat 2.4)") {
    struct Case {
        std::string setting;
        std::optional<std::string> sender;
        std::string expected;
    };
    const auto c = GENERATE(values<Case>({
        {"sender", "s@x", "s@x"},
        {" Sender ", "s@x", "s@x"},
        {"nonsense", "s@x", "s@x"},
        {"recipient", "s@x", "r@x"},
        {"orig_recipient", "s@x", "o@x"},
        {"user_email", "s@x", "u@x"},
        {"postmaster", "s@x", "postmaster@x"},
        {"<bounce@x>", "s@x", "bounce@x"},
        {"recipient", "", ""},
        {"<bounce@x>", "", ""},
        {"sender", std::nullopt, ""},
        {"recipient", "MAILER-DAEMON", ""},
    }));
    CAPTURE(c.setting, c.expected);
    Envelope envelope;
    envelope.sender = c.sender;
    const OwnAddresses own{"r@x", "o@x", "u@x", "postmaster@x"};
    CHECK(deliver::redirect_sender(c.setting, envelope, own) == c.expected);
}

TEST_CASE("a forwarded copy has its marks in front and no Return-Path (sieve-compat 3.11)") {
    struct Case {
        std::string message, copy;
    };
    const auto c = GENERATE(values<Case>({
        {"Return-Path: <s@x>\nFrom: a\nMessage-ID: <1@x>\n\nbody\n",
         "X-Sieve-Redirected-From: r@example.com\nFrom: a\nMessage-ID: <1@x>\n\nbody\n"},
        {"From: a\nReturn-Path: <s@x>\n  (folded)\nMessage-ID: <1@x>\nReturn-Path: <t@x>\n\nb",
         "X-Sieve-Redirected-From: r@example.com\nFrom: a\nMessage-ID: <1@x>\n\nb"},
        {"From: a\n\nbody\n",
         "X-Sieve-Redirected-From: r@example.com\nMessage-ID: <new@h>\nFrom: a\n\nbody\n"},
    }));
    CHECK(copy_of(c.message) == c.copy);
}

TEST_CASE("our own address in X-Sieve-Redirected-From is a loop") {
    const auto loops = [](std::string_view header, std::string_view own) {
        const std::string text = std::string(header) + "\n\nbody";
        return deliver::is_redirect_loop(mail::HeaderBlock(text), own);
    };
    CHECK(loops("X-Sieve-Redirected-From: r@example.com", "r@example.com"));
    CHECK(loops("x-sieve-redirected-from: <R@Example.com>", "r@example.COM"));
    CHECK(loops("X-Sieve-Redirected-From: a@x\nX-Sieve-Redirected-From: r@x", "r@x"));
    CHECK_FALSE(loops("X-Sieve-Redirected-From: a@x", "r@x"));
    CHECK_FALSE(loops("From: r@x", "r@x"));
    CHECK_FALSE(loops("X-Sieve-Redirected-From: ", ""));
}
