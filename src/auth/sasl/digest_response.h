// SPDX-License-Identifier: MIT
// The client's response of DIGEST-MD5 taken apart (RFC 2831 §2.1.2): a list of directives, each a
// token or a quoted string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

// Values are unquoted, otherwise as sent. What was not there is empty.
struct DigestResponse {
    enum class Charset { latin1, utf8 };

    std::string username, realm, nonce, cnonce, nonce_count, digest_uri, response, authzid;
    std::string qop = "auth";
    Charset charset = Charset::latin1;
};

// Nothing where the text is not such a list, a directive stands twice or is too long, or one that
// must be there is missing. Unknown directives are ignored. Linear.
std::optional<DigestResponse> parse_digest_response(std::string_view text);

// As a quoted string.
std::string quoted(std::string_view text);

}  // namespace auth::sasl
