// SPDX-License-Identifier: MIT
// The limits of SASL exchanges, in one place. Each is checked before anything is done with the
// bytes; what is beyond is malformed data.
#pragma once

#include <cstddef>

namespace auth::sasl::limits {

// A message of a client, decoded from base64. An access token is the longest thing in one; the auth
// protocol's line of 16384 bytes (compat 6.2) cannot carry more.
inline constexpr std::size_t max_message_bytes = 12288;
// Messages of mechanisms without a token in them. RFC 2831 §2.1.2 says less than 4096 for its own.
inline constexpr std::size_t max_short_message_bytes = 4095;
// A user name or authorization identity, before and after its preparation.
inline constexpr std::size_t max_name_bytes = 512;
inline constexpr std::size_t max_password_bytes = 2048;
inline constexpr std::size_t max_realm_bytes = 255;
// The client's part of a nonce (SCRAM), and cnonce (DIGEST-MD5).
inline constexpr std::size_t max_nonce_bytes = 256;
// Channel binding data: tls-server-end-point's are at most 64, the others' less.
inline constexpr std::size_t max_binding_bytes = 256;
// The trace information of ANONYMOUS is an address or at most 255 characters (RFC 4505 §2).
inline constexpr std::size_t max_trace_characters = 255;
// Directives of a DIGEST-MD5 response; RFC 2831 §2.1.2 knows twelve.
inline constexpr std::size_t max_directives = 32;
// Key-value pairs of an OAuth response; RFC 7628 §3.1 knows seven.
inline constexpr std::size_t max_pairs = 32;

// SCRAM's iterations where the password is known and the keys are derived here: beyond this a
// log-in costs this process a second. The least are scram_least_iterations.
inline constexpr unsigned max_iterations = 1'000'000;
// Of stored keys: the client does the work, but one that follows any number could be kept busy.
inline constexpr unsigned max_stored_iterations = 10'000'000;
inline constexpr std::size_t max_salt_bytes = 128;

// Random bytes in each nonce of ours.
inline constexpr std::size_t nonce_bytes = 18;

}  // namespace auth::sasl::limits
