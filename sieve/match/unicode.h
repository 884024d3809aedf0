// SPDX-License-Identifier: MIT
// i;unicode-casemap (RFC 5051): text is prepared character by character, each turned to titlecase
// and decomposed (without reordering of marks, which §4 leaves open), and then compared octet by
// octet. Text that is no UTF-8 stays as it is (§2 step 1b). Linear; a character grows to at most
// eleven times its octets. The table comes from UnicodeData.txt at build time. Pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sieve::match {

// Replaces `out` by the prepared text; its capacity is reused.
void prepare_unicode(std::string_view text, std::string& out);

// The same for a pattern of :matches: what only decomposition turns into a wildcard or a backslash
// (a fullwidth asterisk) is written behind a backslash.
void prepare_unicode_pattern(std::string_view pattern, std::string& out);

// Replaces `starts` by an octet per octet of the prepared text: 1 where a character of `text`
// begins, else 0.
void unicode_starts(std::string_view text, std::string& starts);

// Turns offsets into the prepared text, in ascending order, into those into `text`. One inside of
// what a character became is that of the next character.
void unprepared_offsets(std::string_view text, std::span<std::size_t*> offsets);

}  // namespace sieve::match
