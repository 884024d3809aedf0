// SPDX-License-Identifier: MIT
// Mailbox names on the wire and on disk: modified UTF-7 (RFC 3501 §5.1.3). Pure functions, linear.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace store {

bool valid_utf8(std::string_view text);

// Nothing when `utf8` is no valid UTF-8. Control characters and DEL are encoded too.
std::optional<std::string> to_modified_utf7(std::string_view utf8);

// Nothing when `encoded` is no valid modified UTF-7: 8-bit or control bytes, an open or needless
// shift, bits left over, a lone surrogate.
std::optional<std::string> from_modified_utf7(std::string_view encoded);

}  // namespace store
