// SPDX-License-Identifier: MIT
// The messages of OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's and Microsoft's older form) taken
// apart, and the error that answers a token that does not do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

struct OauthResponse {
    std::string user;   // as sent; empty: the token says
    std::string token;  // of RFC 6750's form; empty: none or no bearer token
    std::string host;
    std::uint16_t port = 0;
};

// gs2-header ^A *(key=value ^A) ^A. Nothing where the message breaks the grammar, but for what
// Dovecot forgives to clients: the last ^A and the header's last comma may be missing.
std::optional<OauthResponse> parse_oauthbearer(std::string_view message);
// user=NAME ^A auth=Bearer TOKEN ^A ^A, with more pairs left unread; the last ^A may be missing.
std::optional<OauthResponse> parse_xoauth2(std::string_view message);

// RFC 7628 §3.2.2, in JSON; what is empty is left out.
std::string oauthbearer_error(std::string_view status, std::string_view scope,
                              std::string_view openid_configuration);
// {"status":"401","schemes":"bearer","scope":…}; status is HTTP's. The rest as above (Dovecot's).
std::string xoauth2_error(std::string_view status, std::string_view scope,
                          std::string_view openid_configuration);

}  // namespace auth::sasl
