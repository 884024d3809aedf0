// SPDX-License-Identifier: MIT
// Decodings of text: transfer encodings (RFC 2045 §6), encoded words (RFC 2047), charsets, UTF-8
// repair. All total functions, linear in their input: broken input gives the best readable output.
// Stateless; safe in threads.
#pragma once

#include "mail/limits.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mail {

// Characters outside the alphabet are skipped; "=" ends a quantum and decoding may go on after it
// (joined base64 texts exist).
std::string decode_base64(std::string_view text);
// RFC 2045 §6.7; white space before a line end goes, a broken "=" sequence stays as it is.
std::string decode_quoted_printable(std::string_view text);
// The data between the "begin" and "end" lines; the whole text as it is where there is no "begin".
std::string decode_uuencode(std::string_view text);

std::string encode_base64(std::string_view bytes);  // one line
// Lines of 76 characters ended by LF, as a MIME body.
std::string encode_base64_lines(std::string_view bytes);
std::string encode_quoted_printable(std::string_view bytes);

// Encoded words to UTF-8: white space between neighbours goes (RFC 2047 §6.2), language tags
// (RFC 2231 §5) are dropped. Found anywhere, in quoted strings and inside words too, as the wild
// needs. Neighbours of one charset are joined before it is undone, since characters come split.
// An unknown charset is taken for UTF-8; what is no UTF-8 in the end becomes U+FFFD.
std::string decode_words(std::string_view text);

// `bytes` in that charset as UTF-8, invalid bytes as U+FFFD each. An empty or unknown charset is
// taken for UTF-8. Output is limited to `max_bytes`.
std::string to_utf8(std::string_view bytes, std::string_view charset,
                    std::size_t max_bytes = limits::decoded_bytes);
// The same; nothing where the charset is unknown or something is no text of it.
std::optional<std::string> to_utf8_strictly(std::string_view bytes, std::string_view charset,
                                            std::size_t max_bytes = limits::decoded_bytes);
// Whether the charset can be turned to UTF-8 here.
bool is_known_charset(std::string_view charset);

bool is_ascii(std::string_view text);
bool is_utf8(std::string_view text);
// Each maximal invalid piece as one U+FFFD.
std::string repair_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);

}  // namespace mail
