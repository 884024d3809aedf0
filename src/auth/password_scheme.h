// SPDX-License-Identifier: MIT
// Stored passwords: "{SCHEME[.ENCODING]}data" as Dovecot's password databases hold them
// (compat 1.8). A scheme is a row in the table of password_scheme.cpp; the functions here are the
// only way to it. Texts of errors are Dovecot's, and name neither the password nor the stored data.
// Everything is linear in its input but for the work that the scheme is made to cost, which
// SchemeLimits bounds. Safe in threads.
#pragma once

#include "auth/scheme_limits.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auth {

struct Scheme;  // auth/scheme.h

struct StoredPassword {
    std::string scheme;  // as written: "SSHA.HEX", in any case
    std::string data;
};

// "{SCHEME}data" as its parts. "$1$salt$hash" without a prefix is MD5-CRYPT, and what a further '$'
// begins is dropped. Nothing where there is no prefix.
std::optional<StoredPassword> split_scheme(std::string_view stored);
// The same, with the scheme that the password database takes where there is no prefix.
StoredPassword split_scheme(std::string_view stored, std::string_view default_scheme);

// A stored password whose scheme is known and whose data has the form of it.
struct DecodedPassword {
    const Scheme* scheme = nullptr;  // never null
    std::string raw;                 // after hexadecimal or base64
};
// Where the scheme names no encoding, digests of a known length are taken in either. The error is
// "Unknown scheme", "Input isn't valid HEX encoded data" and the like.
base::Result<DecodedPassword, std::string> decode(const StoredPassword& stored);

enum class WeakSchemes { allowed, refused };

struct CheckOptions {
    std::optional<std::string> user = std::nullopt;  // part of what DIGEST-MD5 stores
    WeakSchemes weak = WeakSchemes::allowed;         // setting auth_allow_weak_schemes
    SchemeLimits limits = {};
};

struct Verification {
    enum class Verdict { match, mismatch, error };
    Verdict verdict = Verdict::mismatch;
    std::string text;  // of an error or a mismatch; empty for a match
    // The weak scheme that the data is of, for a warning; empty for others. It may be another than
    // the prefix says: "{CRYPT}$1$..." is MD5-CRYPT.
    std::string_view weak_scheme = {};

    bool matches() const { return verdict == Verdict::match; }
};

// Whether the password is the stored one. One with a NUL in it matches nothing.
Verification verify(const DecodedPassword& stored, std::string_view password,
                    const CheckOptions& options = {});
// decode() and verify() in one.
Verification verify(const StoredPassword& stored, std::string_view password,
                    const CheckOptions& options = {});

struct GenerateOptions {
    std::optional<std::string> user = std::nullopt;  // DIGEST-MD5 needs it
    // Of schemes that have a cost: bcrypt's exponent, passes of Argon2, else rounds. 0 is the
    // scheme's own. Too few become the least that the scheme has; more than SchemeLimits are an
    // error.
    unsigned rounds = 0;
    SchemeLimits limits = {};
};

// The data to store, without "{SCHEME}", in the encoding that the scheme's name asks for. Salts are
// new each time. The error is "Unknown scheme: X" or the scheme's own.
base::Result<std::string, std::string> generate(std::string_view scheme, std::string_view password,
                                                const GenerateOptions& options = {});

// The names, without encodings, in the order in which Dovecot lists them.
std::vector<std::string_view> scheme_names();

// Whether the name, with or without an encoding, is one of a known scheme.
bool is_known_scheme(std::string_view name);
// Whether all that is stored under this name is weak: MD5 and MD4 in any form but CRAM-MD5 and
// DIGEST-MD5, and DES-CRYPT; the list is that of Dovecot 2.4.
bool is_weak_scheme(std::string_view name);
// The weak scheme that this is of, as Verification::weak_scheme; empty for others.
std::string_view weak_scheme(const DecodedPassword& stored);
// Two names for one thing, such as CRAM-MD5 and HMAC-MD5.
bool same_scheme(std::string_view one, std::string_view other);

}  // namespace auth
