// SPDX-License-Identifier: MIT
// HTML to readable text, for the body test :text (RFC 5173 §5.3) and search. No parser of HTML5:
// tags go, block tags and <br> become line ends, script, style and comments vanish, entities are
// resolved. Linear time, no nesting is kept.
#pragma once

#include <string>
#include <string_view>

namespace mail {

// `html` is UTF-8; so is the answer.
std::string html_to_text(std::string_view html);

}  // namespace mail
