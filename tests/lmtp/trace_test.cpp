// SPDX-License-Identifier: MIT
#include "lmtp/trace.h"

namespace {

lmtp::Settings settings() {
    lmtp::Settings made;
    made.hostname = "mx.test";
    return made;
}

lmtp::Trace trace() {
    lmtp::Trace made;
    made.sender = "a@b";
    made.recipient = "jdoe@example.com";
    made.helo = "mx.client";
    made.client_address = "127.0.0.1";
    made.id = "SESSION:T2";
    made.unix_seconds = 1795300056;
    return made;
}

}  // namespace

TEST_CASE("one recipient: Return-Path, Delivered-To, Received with for") {
    CHECK(lmtp::trace_header(trace(), settings()) ==
          "Return-Path: <a@b>\n"
          "Delivered-To: jdoe@example.com\n"
          "Received: from mx.client ([127.0.0.1])\n"
          "\tby mx.test with LMTP\n"
          "\tid SESSION:T2\n"
          "\t(envelope-from <a@b>)\n"
          "\tfor <jdoe@example.com>; Sat, 21 Nov 2026 22:27:36 +0000\n");
}

TEST_CASE("several recipients, no LHLO, a unix socket, the null sender, another zone") {
    lmtp::Trace several = trace();
    several.recipient.clear();
    several.helo.clear();
    several.client_address.clear();
    several.sender.clear();
    several.zone_minutes = -210;
    CHECK(lmtp::trace_header(several, settings()) ==
          "Return-Path: <>\n"
          "Received: from unknown\n"
          "\tby mx.test with LMTP\n"
          "\tid SESSION:T2\n"
          "\t(envelope-from <>); Sat, 21 Nov 2026 18:57:36 -0330\n");
}

TEST_CASE("TLS and SMTPUTF8 show in the protocol's name") {
    lmtp::Trace secured = trace();
    secured.tls = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)";
    CHECK_THAT(
        lmtp::trace_header(secured, settings()),
        Catch::Contains("([127.0.0.1])\n\t(using TLSv1.3 with cipher "
                        "TLS_AES_256_GCM_SHA384 (256/256 bits))\n\tby mx.test with LMTPS\n"));
    secured.smtputf8 = true;
    CHECK_THAT(lmtp::trace_header(secured, settings()), Catch::Contains("with UTF8LMTPS\n"));
    secured.tls.clear();
    CHECK_THAT(lmtp::trace_header(secured, settings()), Catch::Contains("with UTF8LMTP\n"));
}

TEST_CASE("the settings choose the fields") {
    lmtp::Settings chosen = settings();
    chosen.add_received_header = false;
    lmtp::Trace with_original = trace();
    with_original.original_recipient = "list@example.org";
    chosen.delivery_address = lmtp::DeliveryAddress::original;
    CHECK(lmtp::trace_header(with_original, chosen) ==
          "Return-Path: <a@b>\nDelivered-To: list@example.org\n");
    with_original.original_recipient.clear();
    CHECK(lmtp::trace_header(with_original, chosen) == "Return-Path: <a@b>\n");
    chosen.delivery_address = lmtp::DeliveryAddress::none;
    CHECK(lmtp::trace_header(trace(), chosen) == "Return-Path: <a@b>\n");
}
