// SPDX-License-Identifier: MIT
// The hash functions that SASL mechanisms are made of, by OpenSSL; and hexadecimal and base64 text,
// strictly read. All throw std::runtime_error where OpenSSL refuses (MD5 in its FIPS mode).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace auth::sasl {

enum class Hash { md5, sha1, sha256 };

// The length of a digest in bytes.
std::size_t digest_bytes(Hash hash);
std::string digest(Hash hash, std::string_view text);
// RFC 2104.
std::string hmac(Hash hash, std::string_view key, std::string_view text);
// PBKDF2 with HMAC, as long as one digest: RFC 5802's Hi().
std::string pbkdf2(Hash hash, std::string_view password, std::string_view salt,
                   unsigned iterations);

// Whether both are the same, in a time that depends on their lengths only.
bool equal(std::string_view a, std::string_view b);

// Overwrites a secret before its memory is given back.
void wipe(std::string& secret);

// Lower case.
std::string to_hex(std::string_view bytes);
// Digits of either case; nothing where there is another character or half a byte.
std::optional<std::string> from_hex(std::string_view text);
// RFC 4648 §4: padded, without any other character (§3.3), with zero pad bits (§3.5); else nothing.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace auth::sasl
