// SPDX-License-Identifier: MIT
#include "auth/sasl/scram_message.h"

#include "auth/sasl/limits.h"
#include "auth/secret/encoded_text.h"
#include "mail/decode.h"

#include <algorithm>

namespace auth::sasl {
namespace {

// Up to the next comma, which is taken too; nothing at the end of the text.
std::optional<std::string_view> next_part(std::string_view& rest) {
    if (rest.data() == nullptr) return std::nullopt;
    const std::size_t comma = rest.find(',');
    const std::string_view part = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return part;
}

// The value of an attribute `name`; nothing where the part is another.
std::optional<std::string_view> attribute(std::optional<std::string_view> part, char name) {
    if (!part || part->size() < 3 || (*part)[0] != name || (*part)[1] != '=') return std::nullopt;
    return part->substr(2);
}

bool is_attribute(std::string_view part) {
    return part.size() >= 3 && part[1] == '=' &&
           ((part[0] >= 'a' && part[0] <= 'z') || (part[0] >= 'A' && part[0] <= 'Z'));
}

bool is_text(std::string_view message) {
    return message.find('\0') == std::string_view::npos && mail::is_utf8(message);
}

bool is_nonce(std::string_view text, std::size_t max_bytes) {
    return text.size() <= max_bytes &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != ','; });
}

bool is_binding_name(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-';
    });
}

// saslname: "=2C" is a comma, "=3D" an equals sign, and no other "=" may be there.
std::optional<std::string> decode_name(std::string_view text) {
    std::string name;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=') {
            name += text[at];
            continue;
        }
        const std::string_view code = text.substr(at + 1, 2);
        if (code != "2C" && code != "3D") return std::nullopt;
        name += code == "2C" ? ',' : '=';
        at += 2;
    }
    return name;
}

bool only_extensions(std::string_view rest) {
    while (const auto part = next_part(rest)) {
        if (!is_attribute(*part)) return false;
    }
    return true;
}

}  // namespace

std::optional<Gs2Header> parse_gs2_header(std::string_view text) {
    if (!is_text(text)) return std::nullopt;
    std::string_view rest = text;
    Gs2Header header;
    const auto flag = next_part(rest);
    if (const auto binding = attribute(flag, 'p')) {
        if (!is_binding_name(*binding)) return std::nullopt;
        header.flag = BindingFlag::required;
        header.binding = *binding;
    } else if (flag == "y") {
        header.flag = BindingFlag::not_offered;
    } else if (flag != "n") {
        return std::nullopt;
    }
    const auto other = next_part(rest);
    if (!other || rest.data() == nullptr || !rest.empty()) return std::nullopt;
    if (other->empty()) return header;
    const auto encoded = attribute(other, 'a');
    const auto name = encoded ? decode_name(*encoded) : std::nullopt;
    if (!name) return std::nullopt;
    header.act_as = *name;
    return header;
}

std::optional<ScramFirst> parse_scram_first(std::string_view message) {
    if (message.empty() || !is_text(message)) return std::nullopt;
    const std::size_t flag_end = message.find(',');
    const std::size_t header_end = message.find(',', flag_end + 1);  // npos + 1 is 0
    if (header_end == std::string_view::npos || header_end <= flag_end) return std::nullopt;
    const auto header = parse_gs2_header(message.substr(0, header_end + 1));
    if (!header) return std::nullopt;
    ScramFirst first;
    first.header = *header;
    first.gs2_header = message.substr(0, header_end + 1);
    std::string_view rest = message.substr(header_end + 1);
    first.bare = rest;
    const auto encoded = attribute(next_part(rest), 'n');  // "m=" is one that we do not know
    const auto nonce = attribute(next_part(rest), 'r');
    if (!encoded || !nonce || !is_nonce(*nonce, limits::max_nonce_bytes) || !only_extensions(rest))
        return std::nullopt;
    const auto user = decode_name(*encoded);
    if (!user) return std::nullopt;
    first.user = *user;
    first.nonce = *nonce;
    return first;
}

std::optional<ScramFinal> parse_scram_final(std::string_view message) {
    if (message.empty() || !is_text(message)) return std::nullopt;
    const std::size_t last_comma = message.rfind(',');
    if (last_comma == std::string_view::npos) return std::nullopt;
    const auto proof = attribute(message.substr(last_comma + 1), 'p');
    std::string_view rest = message.substr(0, last_comma);
    ScramFinal final_message;
    final_message.without_proof = rest;
    const auto binding = attribute(next_part(rest), 'c');
    const auto nonce = attribute(next_part(rest), 'r');
    if (!proof || !binding || !nonce || !only_extensions(rest)) return std::nullopt;
    auto input = read_base64(*binding);
    auto proof_bytes = read_base64(*proof);
    if (!input || !proof_bytes) return std::nullopt;
    final_message.binding = *std::move(input);
    final_message.nonce = *nonce;
    final_message.proof = *std::move(proof_bytes);
    return final_message;
}

}  // namespace auth::sasl
