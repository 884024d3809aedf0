// SPDX-License-Identifier: MIT
// PLAIN, CLEAR, CLEARTEXT and PLAIN-TRUNC.
#include "auth/scheme.h"
#include "auth/secret/secret_bytes.h"
#include "base/text.h"

namespace auth {

Verification verify_plain(const Verifying& asked) {
    return match_if(same_secret(asked.raw, asked.password));
}

// "LENGTH-TEXT": a text of just that length may have been cut off there, so that only the
// password's beginning counts.
Verification verify_plain_trunc(const Verifying& asked) {
    std::size_t digits = asked.raw.find_first_not_of("0123456789");
    if (digits == std::string_view::npos || asked.raw[digits] != '-')
        return verify_error("PLAIN-TRUNC missing length: prefix");
    std::string_view text = asked.raw.substr(digits + 1);
    std::string_view number = asked.raw.substr(0, digits);
    auto length = number.empty() ? 0 : base::parse_number<std::size_t>(number);
    std::string_view password = asked.password;
    if (length == text.size() && password.size() > text.size())
        password = password.substr(0, text.size());
    return match_if(same_secret(text, password));
}

Generated generate_plain(const Generating& asked) {
    return std::string(asked.password);
}

}  // namespace auth
