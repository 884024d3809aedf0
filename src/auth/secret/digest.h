// SPDX-License-Identifier: MIT
// The digests that password schemes and SASL mechanisms are made of, over libnettle. Pure
// functions; safe in threads. Results are raw bytes.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace auth {

enum class Digest { md4, md5, sha1, sha256, sha512 };

// 16 for MD4 and MD5, 20 for SHA-1, 32 for SHA-256, 64 for SHA-512.
std::size_t digest_bytes(Digest algorithm);

// The digest of the parts, one after the other.
std::string digest(Digest algorithm, std::initializer_list<std::string_view> parts);

// RFC 2104.
std::string hmac(Digest algorithm, std::string_view key, std::string_view text);

// PBKDF2 with HMAC (RFC 8018 §5.2); as many bytes as the digest has, which makes it the Hi() of
// RFC 5802 §2.2. `iterations` is at least 1.
std::string derive_key(Digest algorithm, std::string_view password, std::string_view salt,
                       unsigned iterations);

// What CRAM-MD5 needs of a password (RFC 2195): the MD5 states after the outer and after the inner
// key pad of HMAC, 16 bytes each, words little-endian.
std::string cram_md5_states(std::string_view password);

// HMAC-MD5 of the text with the password that these states are of; they are 32 bytes.
std::string cram_md5_hmac(std::string_view states, std::string_view text);

}  // namespace auth
