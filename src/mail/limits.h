// SPDX-License-Identifier: MIT
// Every hard limit of src/mail in one place. What exceeds one is not an error of the message: the
// surplus is simply not looked at (and a `truncated` flag says so); the bytes of the message stay
// as they came. Each limit has a test at its edge in tests/mail/limits_test.cpp.
#pragma once

#include <cstddef>

namespace mail::limits {

// Header blocks: bytes that are indexed (the body still starts where it starts), and fields.
inline constexpr std::size_t header_block_bytes = 10 * 1024 * 1024;
inline constexpr std::size_t header_fields = 100'000;

// Encoded words decoded in one value; the rest stays as written.
inline constexpr std::size_t encoded_words = 10'000;

// MIME structure: parts of a message, their nesting, and the length of a usable boundary (RFC 2046
// §5.1.1 says 70; longer ones exist).
inline constexpr std::size_t mime_parts = 10'000;
inline constexpr std::size_t mime_depth = 100;
inline constexpr std::size_t boundary_bytes = 1'000;
// Bytes of one MIME part's header that are looked at.
inline constexpr std::size_t part_header_bytes = 1024 * 1024;

// Parameters of one Content-Type or Content-Disposition field, pieces of RFC 2231 continuations
// counted singly, and bytes of a value once joined.
inline constexpr std::size_t parameters = 1'000;
inline constexpr std::size_t parameter_bytes = 64 * 1024;

// Mailboxes and groups of one address field, and nesting of comments (RFC 5322 §3.2.2).
inline constexpr std::size_t addresses = 100'000;
inline constexpr std::size_t comment_depth = 50;

// An envelope path (RFC 5321 §4.5.3.1.3 says 256; SMTPUTF8 and the wild need more) and its local
// part (64 there).
inline constexpr std::size_t path_bytes = 1'000;

// Text made from a body: bytes of a charset name, bytes of decoded text of one part, and of text
// made from HTML.
inline constexpr std::size_t charset_name_bytes = 64;
inline constexpr std::size_t decoded_bytes = 128 * 1024 * 1024;

// Message identifiers taken from one References or In-Reply-To field, and bytes of one.
inline constexpr std::size_t message_ids = 10'000;
inline constexpr std::size_t message_id_bytes = 2'000;

}  // namespace mail::limits
