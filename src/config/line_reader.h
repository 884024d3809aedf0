// SPDX-License-Identifier: MIT
// Logical lines of a configuration file (compat 1.1): comments cut, continuations joined, white
// space dropped at both ends. Linear; a line's length and the file's size are bounded by limits.h.
#pragma once

#include "config/problem.h"

#include <functional>
#include <string>
#include <string_view>

namespace config {

struct Line {
    std::string text;                // never empty
    unsigned number = 0;             // of its last physical line
    std::string_view source_line;    // that physical line as it stands
    bool ambiguous_comment = false;  // a '#' without white space before it cut the line
    std::size_t comment_column = 0;  // of that '#' in source_line, from 0
    // Where the text of source_line begins: in `text`, and in source_line.
    std::size_t tail = 0;
    std::size_t tail_column = 0;
};

// Calls `take` for each logical line. False from it ends the reading.
void for_each_line(std::string_view text, const std::function<bool(const Line&)>& take);

// The value's text: one pair of quotes around it removed with its escapes undone. `quoted` says
// whether there was one.
std::string unquote(std::string_view text, bool& quoted);

}  // namespace config
