// SPDX-License-Identifier: MIT
#include "auth/sasl/oauth_message.h"

#include "auth/sasl/limits.h"
#include "auth/sasl/scram_message.h"
#include "base/text.h"
#include "mail/decode.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace auth::sasl {
namespace {

constexpr char separator = '\x01';

bool is_key(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

// VCHAR, SP, HTAB, CR and LF; bytes of UTF-8 in a name.
bool is_value(std::string_view value) {
    return std::ranges::all_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7f) || c == '\t' || c == '\r' || c == '\n';
    });
}

// b64token of RFC 6750 §2.1.
bool is_token(std::string_view token) {
    const std::size_t end = token.find_last_not_of('=');
    if (end == std::string_view::npos) return false;
    return std::ranges::all_of(token.substr(0, end + 1), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~+/").find(c) != std::string_view::npos;
    });
}

// Of "Bearer TOKEN", the scheme in any case; empty where it is another or no token.
std::string bearer_token(std::string_view value) {
    constexpr std::string_view scheme = "bearer ";
    if (!base::istarts_with(value, scheme)) return {};
    const std::string_view token = base::trim(value.substr(scheme.size()));
    return is_token(token) ? std::string(token) : std::string();
}

// "key=value ^A" up to the last ^A, which stands alone or is missing. `user` is a key of XOAUTH2
// only.
bool parse_pairs(std::string_view rest, std::string_view user_key, OauthResponse& response) {
    std::size_t count = 0;
    bool authorized = false;
    while (!rest.empty() && rest != std::string_view(&separator, 1)) {
        const std::size_t end = rest.find(separator);
        const std::size_t equals = rest.substr(0, end).find('=');
        if (end == std::string_view::npos || equals == std::string_view::npos ||
            ++count > limits::max_pairs)
            return false;
        const std::string_view key = rest.substr(0, equals);
        const std::string_view value = rest.substr(equals + 1, end - equals - 1);
        if (!is_key(key) || !is_value(value)) return false;
        rest.remove_prefix(end + 1);
        if (key == "auth") {
            if (authorized) return false;
            authorized = true;
            response.token = bearer_token(value);
        } else if (key == "host") {
            response.host = value;
        } else if (key == "port") {
            const auto port = base::parse_number<std::uint16_t>(value);
            if (!port) return false;
            response.port = *port;
        } else if (!user_key.empty() && key == user_key) {
            if (!response.user.empty()) return false;
            response.user = value;
        }
    }
    return true;
}

nlohmann::ordered_json with_details(nlohmann::ordered_json object, std::string_view scope,
                                    std::string_view openid_configuration) {
    if (!scope.empty()) object["scope"] = scope;
    if (!openid_configuration.empty()) object["openid-configuration"] = openid_configuration;
    return object;
}

// Text of ours, but a scope may have come from a server: no bytes that JSON cannot hold.
std::string dump(const nlohmann::ordered_json& object) {
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::optional<OauthResponse> parse_oauthbearer(std::string_view message) {
    const std::size_t header_end = message.find(separator);
    if (header_end == std::string_view::npos) return std::nullopt;
    std::string text(message.substr(0, header_end));
    if (!text.ends_with(',')) text += ',';
    const auto header = parse_gs2_header(text);
    // There is no form with channel binding (RFC 7628 §3).
    if (!header || header->flag == BindingFlag::required) return std::nullopt;
    OauthResponse response;
    response.user = header->act_as;
    if (!parse_pairs(message.substr(header_end + 1), {}, response)) return std::nullopt;
    return response;
}

std::optional<OauthResponse> parse_xoauth2(std::string_view message) {
    OauthResponse response;
    if (!parse_pairs(message, "user", response)) return std::nullopt;
    return response;
}

std::string oauthbearer_error(std::string_view status, std::string_view scope,
                              std::string_view openid_configuration) {
    nlohmann::ordered_json object;
    object["status"] = status;
    return dump(with_details(std::move(object), scope, openid_configuration));
}

std::string xoauth2_error(std::string_view status, std::string_view scope,
                          std::string_view openid_configuration) {
    nlohmann::ordered_json object;
    object["status"] = status;
    object["schemes"] = "bearer";
    return dump(with_details(std::move(object), scope, openid_configuration));
}

}  // namespace auth::sasl
