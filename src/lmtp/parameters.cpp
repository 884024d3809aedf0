// SPDX-License-Identifier: MIT
#include "lmtp/parameters.h"

#include "base/text.h"

#include <algorithm>

namespace lmtp {
namespace {

constexpr std::size_t max_parameters = 32;

bool is_key_char(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// esmtp-value: no space, no control character, no '='; bytes of UTF-8 by RFC 6531 §3.6.
bool is_value_char(char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
}

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return std::nullopt;
}

}  // namespace

std::optional<std::vector<Parameter>> parse_parameters(std::string_view text) {
    std::vector<Parameter> parameters;
    for (std::string_view word : base::words(text)) {
        Parameter parameter{word, std::nullopt};
        if (std::size_t equals = word.find('='); equals != std::string_view::npos) {
            parameter.key = word.substr(0, equals);
            parameter.value = word.substr(equals + 1);
        }
        if (parameter.key.empty() || !std::ranges::all_of(parameter.key, is_key_char) ||
            (parameter.value && !std::ranges::all_of(*parameter.value, is_value_char)) ||
            parameters.size() == max_parameters)
            return std::nullopt;
        parameters.push_back(parameter);
    }
    return parameters;
}

std::optional<std::string> decode_xtext(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '+') {
            if (text.size() - at < 3) return std::nullopt;
            auto high = hex_digit(text[at + 1]);
            auto low = hex_digit(text[at + 2]);
            if (!high || !low) return std::nullopt;
            c = static_cast<char>(*high * 16 + *low);
            at += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        decoded += c;
    }
    return decoded;
}

OriginalRecipient parse_orcpt(std::string_view value) {
    std::size_t semicolon = value.find(';');
    std::string_view type = value.substr(0, semicolon);
    if (semicolon == std::string_view::npos || type.empty() ||
        !std::ranges::all_of(type, is_key_char))
        return {{}, {}, "Invalid addr-type for ORCPT= parameter"};
    std::optional<std::string> address = decode_xtext(value.substr(semicolon + 1));
    if (!address || address->empty()) return {{}, {}, "Invalid ORCPT= parameter: Invalid xtext"};
    return {std::string(type), *std::move(address), {}};
}

std::optional<DeliverBy> parse_deliver_by(std::string_view value) {
    const std::size_t semicolon = value.find(';');
    std::string_view time = value.substr(0, semicolon);
    if (semicolon == std::string_view::npos) return std::nullopt;
    std::string_view mode = value.substr(semicolon + 1);
    const bool negative = time.starts_with('-');
    if (negative || time.starts_with('+')) time.remove_prefix(1);
    const auto seconds = base::parse_number<std::uint64_t>(time);
    if (!seconds || time.size() > 9 || mode.empty() || mode.size() > 2) return std::nullopt;
    DeliverBy by;
    by.seconds =
        negative ? -static_cast<std::int64_t>(*seconds) : static_cast<std::int64_t>(*seconds);
    by.returns = mode.front() == 'R' || mode.front() == 'r';
    if (!by.returns && mode.front() != 'N' && mode.front() != 'n') return std::nullopt;
    by.trace = mode.size() == 2;
    if (by.trace && mode.back() != 'T' && mode.back() != 't') return std::nullopt;
    if (by.returns && by.seconds <= 0) return std::nullopt;
    return by;
}

bool is_notify(std::string_view value) {
    if (base::iequals(value, "NEVER")) return true;
    return std::ranges::all_of(base::split(value, ','), [](std::string_view word) {
        return base::iequals(word, "SUCCESS") || base::iequals(word, "FAILURE") ||
               base::iequals(word, "DELAY");
    });
}

}  // namespace lmtp
