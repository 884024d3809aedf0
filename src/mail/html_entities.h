// SPDX-License-Identifier: MIT
// Character references of HTML: the named ones of HTML 4 and numbers. Behind mail/html.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mail {

struct HtmlEntity {
    char32_t code_point = 0;
    std::size_t size = 0;  // of what was read, "&" and ";" included
};
// The reference that `text` begins with (its first character is "&"), or nothing. The semicolon may
// be missing after a number or a Latin-1 name, as browsers allow.
std::optional<HtmlEntity> html_entity(std::string_view text);

}  // namespace mail
