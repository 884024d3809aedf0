// SPDX-License-Identifier: MIT
#include "lmtp/trace.h"

#include "mail/date.h"

#include <string_view>

namespace lmtp {
namespace {

// RFC 3848 §2 and RFC 6531 §4.3.
std::string_view protocol_name(const Trace& trace) {
    if (trace.smtputf8) return trace.tls.empty() ? "UTF8LMTP" : "UTF8LMTPS";
    return trace.tls.empty() ? "LMTP" : "LMTPS";
}

std::string delivered_to(const Trace& trace, DeliveryAddress which) {
    switch (which) {
        case DeliveryAddress::none:
            return {};
        case DeliveryAddress::final:
            return trace.recipient;
        case DeliveryAddress::original:
            return trace.original_recipient;
    }
    return {};
}

void append_received(std::string& header, const Trace& trace, const Settings& settings) {
    header.append("Received: from ").append(trace.helo.empty() ? "unknown" : trace.helo);
    if (!trace.client_address.empty()) {
        bool ipv6 = trace.client_address.find(':') != std::string::npos;
        header.append(ipv6 ? " ([IPv6:" : " ([").append(trace.client_address).append("])");
    }
    if (!trace.tls.empty()) header.append("\n\t(using ").append(trace.tls).append(")");
    header.append("\n\tby ")
        .append(settings.hostname)
        .append(" with ")
        .append(protocol_name(trace));
    header.append("\n\tid ").append(trace.id);
    header.append("\n\t(envelope-from <").append(trace.sender).append(">)");
    if (!trace.recipient.empty()) header.append("\n\tfor <").append(trace.recipient).append(">");
    header.append("; ")
        .append(mail::format_date({trace.unix_seconds, trace.zone_minutes}))
        .append("\n");
}

}  // namespace

std::string trace_header(const Trace& trace, const Settings& settings) {
    std::string header = "Return-Path: <" + trace.sender + ">\n";
    if (!trace.recipient.empty()) {
        std::string address = delivered_to(trace, settings.delivery_address);
        if (!address.empty()) header.append("Delivered-To: ").append(address).append("\n");
    }
    if (settings.add_received_header) append_received(header, trace, settings);
    return header;
}

}  // namespace lmtp
