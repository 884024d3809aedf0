// SPDX-License-Identifier: MIT
// What a SASL mechanism says and what it is told: the steps of an exchange, and the answers to its
// needs. Plain values, without ownership of anything else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace auth::sasl {

// Who logs in (RFC 4422 §2): prepared by SASLprep (prepare.h), otherwise as the client wrote it;
// auth_username_format and the like are the caller's.
struct Identity {
    std::string user;    // whose secret is proved; empty only in a token's exchange: the token says
    std::string act_as;  // log in as this other user (a master user's login); empty: as `user`
};

// Forms of a stored secret that a mechanism can work with (compat 1.8).
enum class SecretScheme { plain, cram_md5, digest_md5, scram_sha_1, scram_sha_256 };

// `data`, without "{SCHEME}" and decoded from hex or base64:
//   plain          the password itself
//   cram_md5       32 bytes: MD5's state after HMAC's outer, then after its inner key pad, each as
//                  four little-endian words (Dovecot's CRAM-MD5 and HMAC-MD5)
//   digest_md5     16 bytes: MD5(user:realm:password) (RFC 2831 §2.1.2.1)
//   scram_sha_*    "iterations,salt,StoredKey,ServerKey", the last three in base64 (RFC 5802 §3)
// `user` is the name that was looked up, after all translations; empty: as in the need.
struct Secret {
    SecretScheme scheme = SecretScheme::plain;
    std::string data;
    std::string user;
};

// ---- Steps: what on the server's side comes next -----------------------------------------------

// Send these bytes, then respond() with what the client sends. Empty is a challenge too.
struct Challenge {
    std::string data;
};
// Is this the user's password? answer() with a Verdict. The password is as the client sent it
// (stored hashes of other software are over those bytes): no NUL, perhaps not UTF-8, perhaps empty.
struct VerifyPassword {
    Identity identity;
    std::string password;
};
// The user's secret in one of these forms, best first; answer() with a Secret or NoSecret.
struct FetchSecret {
    Identity identity;
    std::span<const SecretScheme> schemes;
};
// Is this access token good (RFC 6750)? answer() with a TokenVerdict. `user` is whom the client
// claims to be; empty where it leaves that to the token.
struct ValidateToken {
    std::string user;
    std::string token;
    std::string host;        // to which the client says that it connected; empty: not said
    std::uint16_t port = 0;  // 0: not said
};
// The client's certificate names this user: may it log in? answer() with a Verdict.
struct AdmitUser {
    Identity identity;
};
// All is proved. What else forbids a login (nologin, allow_nets, master rights, an expired
// password) the caller applies only now: earlier it would tell a stranger that the user exists.
struct Success {
    Identity identity;
    std::optional<std::string> data;  // the client must get these bytes with the success, or as a
                                      // challenge that it answers with nothing (RFC 4422 §5)
    std::string channel_binding;      // the type that the client is bound by; empty: none
    std::string trace;                // ANONYMOUS: what the client calls itself, for the log
};
// The end. Clients get no more than that it failed (and that it may be temporary): `kind`, `user`
// and `reason` are for the log.
enum class FailureKind {
    bad_data,      // the message breaks the mechanism's rules
    wrong_secret,  // password, proof or token, or the user has no secret in a form that fits
    unknown_user,
    temporary,  // nobody knows: a look-up failed, a stored secret is damaged
};
struct Failure {
    FailureKind kind = FailureKind::temporary;
    std::string user;    // empty where the exchange did not come so far
    std::string reason;  // "invalid input": lower case, without names and secrets
};

using Step = std::variant<Challenge, VerifyPassword, FetchSecret, ValidateToken, AdmitUser, Success,
                          Failure>;

// ---- Answers to a need --------------------------------------------------------------------------

enum class Verdict { right, wrong, unknown_user, temporary };

struct NoSecret {
    enum class Why { unknown_user, none_fits, temporary };
    Why why = Why::unknown_user;
    std::string user;  // as in Secret
};

struct TokenVerdict {
    Verdict verdict = Verdict::temporary;
    std::string user;                      // right: whose token it is
    std::string status = "invalid_token";  // wrong: RFC 6750 §3.1's error code
    std::string scope;  // wrong: a scope that would do; empty: that of the settings
};

using Answer = std::variant<Verdict, Secret, NoSecret, TokenVerdict>;

}  // namespace auth::sasl
