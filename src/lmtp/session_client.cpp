// SPDX-License-Identifier: MIT
// Who the client is: LHLO, STARTTLS, XCLIENT, XFORWARD.
#include "base/text.h"
#include "lmtp/parameters.h"
#include "lmtp/session_state.h"

#include <algorithm>
#include <arpa/inet.h>
#include <optional>

namespace lmtp {
namespace {

constexpr std::size_t max_name_bytes = 255;    // RFC 5321 §4.5.3.1.2
constexpr std::size_t max_session_bytes = 64;  // as room for it in log lines and replies
constexpr std::string_view untrusted = "550 5.7.14 You are not from trusted IP";

// A name that may stand in a Received field as it is.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= max_name_bytes && std::ranges::all_of(name, [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '(' && c != ')' &&
               c != '<' && c != '>' && c != ';' && c != ',' && c != '"' && c != '\\';
    });
}

// "192.0.2.1" or "IPV6:2001:db8::1"; nothing where it is neither.
std::optional<std::string> parse_address(std::string_view value) {
    bool ipv6 = base::istarts_with(value, "IPV6:");
    std::string text(value.substr(ipv6 ? 5 : 0));
    unsigned char binary[16];
    if (::inet_pton(ipv6 ? AF_INET6 : AF_INET, text.c_str(), binary) != 1) return std::nullopt;
    return text;
}

// The attributes of XCLIENT and XFORWARD, decoded; "[UNAVAILABLE]" and "[TEMPUNAVAIL]" are empty.
struct Attribute {
    std::string key;
    std::string value;
};

std::optional<std::vector<Attribute>> parse_attributes(std::string_view arguments) {
    std::optional<std::vector<Parameter>> parameters = parse_parameters(arguments);
    if (!parameters) return std::nullopt;
    std::vector<Attribute> attributes;
    for (const Parameter& parameter : *parameters) {
        std::optional<std::string> value = decode_xtext(parameter.value.value_or(""));
        if (!value || !parameter.value) return std::nullopt;
        if (base::iequals(*value, "[UNAVAILABLE]") || base::iequals(*value, "[TEMPUNAVAIL]"))
            value->clear();
        attributes.push_back({base::to_upper(parameter.key), *std::move(value)});
    }
    return attributes;
}

base::Step invalid_attribute(const std::string& key) {
    return reply("501 5.5.4 Invalid " + key + " parameter");
}

}  // namespace

base::Step Session::State::lhlo(std::string_view arguments) {
    if (arguments.empty()) return reply("501 Missing hostname");
    std::string_view name = arguments.substr(0, arguments.find(' '));
    if (!is_name(name)) return reply("501 5.5.4 Invalid hostname");
    end_transaction();
    stage = "READY";
    helo = name;
    // In alphabetical order, as Dovecot; RFC 1870, 2034, 2920, 3030, 3207, 6152, 6531.
    std::string text = "250-" + settings().hostname +
                       "\r\n250-8BITMIME\r\n250-BINARYMIME\r\n250-CHUNKING"
                       "\r\n250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n";
    if (settings().limits.message_bytes > 0)
        text += "250-SIZE " + std::to_string(settings().limits.message_bytes) + "\r\n";
    const bool tls = settings().starttls && peer.tls.empty();
    text += tls || peer.trusted ? "250-SMTPUTF8" : "250 SMTPUTF8";
    if (tls) text += peer.trusted ? "\r\n250-STARTTLS" : "\r\n250 STARTTLS";
    if (peer.trusted)
        text +=
            "\r\n250-XCLIENT ADDR PORT PROTO HELO LOGIN SESSION TTL TIMEOUT"
            "\r\n250 XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE";
    return reply(text);
}

base::Step Session::State::starttls(std::string_view arguments) {
    if (!arguments.empty()) return reply("501 5.5.4 Invalid parameters");
    if (!peer.tls.empty()) return reply("502 5.5.1 TLS is already active.");
    if (!settings().starttls) return reply("502 5.5.1 TLS support is not enabled.");
    base::Step step = reply("220 2.0.0 Begin TLS negotiation now.");
    step.want = base::Want::tls;
    return step;
}

base::Step Session::State::xclient(std::string_view arguments) {
    if (!peer.trusted) return reply(untrusted);
    if (transaction) return reply("503 5.5.0 XCLIENT not permitted during a mail transaction");
    auto attributes = parse_attributes(arguments);
    if (!attributes) return reply("501 5.5.4 Invalid parameters");
    Peer changed = peer;
    std::string new_helo;
    std::string new_login = login;
    for (const auto& [key, value] : *attributes) {
        if (key == "ADDR" && !value.empty()) {
            std::optional<std::string> address = parse_address(value);
            if (!address) return invalid_attribute(key);
            changed.address = *std::move(address);
        } else if (key == "PORT" && !value.empty()) {
            auto port = base::parse_number<std::uint16_t>(value);
            if (!port) return invalid_attribute(key);
            changed.port = *port;
        } else if (key == "HELO" && !value.empty()) {
            if (!is_name(value)) return invalid_attribute(key);
            new_helo = value;
        } else if (key == "LOGIN") {
            new_login = value;
        } else if (key == "SESSION" && !value.empty()) {
            if (!is_name(value) || value.size() > max_session_bytes) return invalid_attribute(key);
            changed.session = value;
        }
    }
    if (changed.session != peer.session) transactions = 0;
    peer = std::move(changed);
    helo = std::move(new_helo);
    login = std::move(new_login);
    stage = "GREETING";
    return reply("220 " + settings().hostname + " " + settings().greeting);
}

base::Step Session::State::xforward(std::string_view arguments) {
    if (!peer.trusted) return reply(untrusted);
    if (transaction) return reply("503 5.5.0 XFORWARD not permitted during a mail transaction");
    auto attributes = parse_attributes(arguments);
    if (!attributes || attributes->empty()) return reply("501 5.5.4 Invalid parameters");
    // Postfix splits what does not fit into one line: later commands add to earlier ones.
    Forwarded changed = forwarded;
    for (const auto& [key, value] : *attributes) {
        if (key == "ADDR") {
            std::optional<std::string> address = parse_address(value);
            if (!value.empty() && !address) return invalid_attribute(key);
            changed.address = address.value_or("");
        } else if (key == "NAME") {
            changed.host = base::printable(value, max_name_bytes);
        } else if (key == "HELO") {
            changed.helo = base::printable(value, max_name_bytes);
        } else if (key == "IDENT") {
            changed.queue_id = base::printable(value, max_name_bytes);
        }
    }
    forwarded = std::move(changed);
    return reply("250 2.0.0 OK");
}

}  // namespace lmtp
