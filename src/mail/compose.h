// SPDX-License-Identifier: MIT
// Making message text: header fields folded at 78 columns (RFC 5322 §2.1.1), encoded words
// (RFC 2047), multiparts (RFC 2046 §5.1). Lines end in LF; whoever sends by SMTP turns them to
// CRLF. Values can never start a new field: line ends and NUL in them become spaces. Pure
// functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mail {

struct Mailbox;

// "Name: value" + LF, folded at white space; for values that are ASCII (or UTF-8 by RFC 6532)
// already. A piece longer than a line stays whole.
std::string header_field(std::string_view name, std::string_view value);
// Unstructured text in UTF-8 (Subject, Comments): encoded words where it is not ASCII or looks like
// one.
std::string text_field(std::string_view name, std::string_view text);
// At most that many characters of UTF-8; what is cut ends in an ellipsis.
std::string cut_to_characters(std::string text, std::size_t max_characters);
// Addresses; display names quoted or encoded as needed.
std::string address_field(std::string_view name, const std::vector<Mailbox>& mailboxes);

// `text` as encoded words, each at most 75 characters, separated by spaces; ASCII that does not
// look like one comes back as it is.
std::string encode_words(std::string_view text);
// A display name as it stands in a field: atoms, quoted string or encoded words.
std::string phrase(std::string_view display_name);
// Display name and <address>; the address alone if there is no name.
std::string mailbox_text(const Mailbox& mailbox);
// "name=value", quoted if it must be, by RFC 2231 §4 if it is not ASCII.
std::string parameter_text(std::string_view name, std::string_view value);

// Joins complete parts (their header, empty line and body) with `boundary`; `preamble` may be
// empty. The caller writes the Content-Type field.
std::string multipart_body(std::string_view boundary, std::string_view preamble,
                           const std::vector<std::string>& parts);
// A boundary that begins like `hint` and is found in none of the parts.
std::string free_boundary(std::string_view hint, const std::vector<std::string>& parts);

// LF to CRLF; a CRLF stays.
std::string with_crlf(std::string_view text);

}  // namespace mail
