// SPDX-License-Identifier: MIT
#include "auth/password_scheme.h"

#include <catch2/catch.hpp>

namespace {

using Verdict = auth::Verification::Verdict;

struct Case {
    std::string stored;
    std::string password = "secret";
    std::string text = "";  // of an error or mismatch; empty: it matches
};

const std::string mismatch = "Password mismatch";
const std::string too_costly = "Stored password asks for more work than is allowed";

// Most were made by `doveadm pw` of Dovecot 2.3.19, and the texts are what it says of them.
const std::vector<Case> cases = {
    {"{PLAIN}secret"},
    {"{plain}secret"},
    {"{CLEAR}secret"},
    {"{CLEARTEXT}secret"},
    {"{PLAIN}", ""},
    {"{PLAIN}Secret", "secret", mismatch},
    {"{PLAIN}secret1", "secret", mismatch},
    {"{PLAIN}secre", "secret", mismatch},
    {"{PLAIN.hex}736563726574"},
    {"{PLAIN.B64}c2VjcmV0"},
    {"{PLAIN.base64}c2Vj cmV0\n"},
    {"{PLAIN.b64}c2VjcmV=", "secre"},  // pad bits
    {"{PLAIN.hex}zz", "secret", "Input isn't valid HEX encoded data"},
    {"{PLAIN.b64}c2Vjc!V0", "secret", "Input isn't valid base64 encoded data"},
    {"{PLAIN.foo}secret", "secret", "Unknown scheme"},
    {"{PLAIN.}secret", "secret", "Unknown scheme"},
    {"{PLAIN.hex.b64}secret", "secret", "Unknown scheme"},
    {"{}secret", "secret", "Unknown scheme"},
    {"{NOPE}secret", "secret", "Unknown scheme"},
    {"{LANMAN}secret", "secret", "Unknown scheme"},
    {"{PLAIN-TRUNC}3-sec"},
    {"{PLAIN-TRUNC}3-sec", "sec"},
    {"{PLAIN-TRUNC}3-sec", "se", mismatch},
    {"{PLAIN-TRUNC}6-secret"},
    {"{PLAIN-TRUNC}9-secret"},
    {"{PLAIN-TRUNC}9-secret", "secrets", mismatch},
    {"{PLAIN-TRUNC}2-secret"},
    {"{PLAIN-TRUNC}-secret"},
    {"{PLAIN-TRUNC}0-", "anything"},
    {"{PLAIN-TRUNC}99999999999999999999-secret"},
    {"{PLAIN-TRUNC}secret", "secret", "PLAIN-TRUNC missing length: prefix"},
    {"{PLAIN-TRUNC}", "secret", "PLAIN-TRUNC missing length: prefix"},

    {"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="},
    {"{SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ="},
    {"{SHA}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"},
    {"{SHA.HEX}E5E9FA1BA31ECD1AE84F75CAAA474F3A663F05F4"},
    {"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "Secret", mismatch},
    {"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ", "secret", "Input isn't valid base64 encoded data"},
    {"{SHA}5en6", "secret", "Input length isn't valid (3 instead of 20)"},
    {"{SHA}", "secret", "Input length isn't valid (0 instead of 20)"},
    {"{SHA.HEX}5en6", "secret", "Input isn't valid HEX encoded data"},
    {"{SHA}zze9fa1ba31ecd1ae84f75caaa474f3a663f05f4", "secret",
     "Input length isn't valid (30 instead of 20)"},
    {"{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols="},
    {"{SHA512}vSsar3708Jvp9Szi2NWZZ02Bqp1qRCFpbcTZPdBhnWgs5WtNZKnvCXdhztmeD2cmW192CF5bDufKRpayrW/"
     "isg=="},
    {"{SMD5}E4fwxt5tTSGn5d7mpCwScRQvkFE="},
    {"{SSHA}ZvvBMTTbI8N1xlCOlS4n3YVef1L6Ehob"},
    {"{SSHA256}gkaK/PBMoF4Fj6NIClyXAhiCOotRdVJqvFDEmgFFP+qYlgRK"},
    {"{SSHA512}AreRibIj0uNMwsifUlV+jaHw2ASUlfmRBZuv3RwZYn+wK1NDj6F8v780k6Ob8JB/"
     "dc96+3stIWkidIc6yj1vSVOCxx8="},
    {"{SSHA}ZvvBMTTbI8N1xlCOlS4n3YVef1L6Ehob", "Secret", mismatch},
    {"{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "secret", "SSHA password is too short"},
    {"{SMD5}", "secret", "SMD5 password is too short"},
    {"{SSHA256}aaaa", "secret", "SSHA256 password is too short"},
    {"{SSHA512}aaaa", "secret", "SSHA512 password is too short"},
    {"{PLAIN-MD4}67d3dafef63ff00603aeef3769cfbf0d"},
    {"{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69"},
    {"{PLAIN-MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ=="},
    {"{LDAP-MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ=="},
    {"{LDAP-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69"},
    {"{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56"},
    {"{HMAC-MD5}zTun3qrW5cojRIukLjeXR6ng9/H7wAyKgbuqw5VzG1Y="},
    {"{CRAM-MD5}zTun", "secret", "Input length isn't valid (3 instead of 32)"},

    {"$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31"},
    {"$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31$ignored"},
    {"{MD5}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31"},
    {"{MD5}5ebe2294ecd0e0f08eab7690d2a6ee69"},
    {"{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ=="},
    {"{MD5}junk", "secret", "Not a valid MD5-CRYPT or PLAIN-MD5 password"},
    {"{MD5}", "secret", "Not a valid MD5-CRYPT or PLAIN-MD5 password"},
    {"{MD5-CRYPT}$1$rasmusle$rISCgZzpwk3UhDidwXvin0", "rasmuslerdorf"},
    {"{MD5-CRYPT}junk", "secret", mismatch},
    {"{MD5-CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31$junk", "secret", mismatch},
    {"{CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31"},
    {"{DES-CRYPT}rl.3StKT.4T8M", "rasmuslerdorf"},
    {"{DES-CRYPT}rl.3StKT.4T8M", "rasmusle"},
    {"{CRYPT}_J9..rasmBYk8r9AiWNc", "rasmuslerdorf"},
    {"{CRYPT}$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"},
    {"{CRYPT}$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW"},
    {"{BLF-CRYPT}$2b$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW"},
    {"{BLF-CRYPT}$2x$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW"},
    {"{BLF-CRYPT}$2y$05$short", "secret", "Password is not blowfish password"},
    {"{BLF-CRYPT}$6$saltstring$x", "secret", "Password is not blowfish password"},
    {"{BLF-CRYPT}$2y$99$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW", "secret",
     "crypt_blowfish_rn failed: Invalid argument"},
    {"{BLF-CRYPT}$2y$21$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW", "secret",
     too_costly},
    {"{SHA256-CRYPT}$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"},
    {"{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/"
     "O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
     "Hello world!"},
    {"{DES-CRYPT}$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"},
    {"{SHA512-CRYPT}$6$rounds=999999999$salt$x", "secret", too_costly},
    {"{CRYPT}$y$j75$abcdefghijklmnop$vZlXu1XtxOBWRxjOpQqONp1WYfMO0dN.H4xeSMU2ZvC"},
    {"{CRYPT}$gy$j75$abcdefghijklmnop$5Matl8XuRgYmKQHzzPfQ1wwZku2K3P416/n0C0jUu9D"},
    {"{CRYPT}$7$2/..../....abcdefgh$kHEeDodFTV5Cc2VGekkiNLRssGQkikPda7XhqPUj1O7"},
    {"{CRYPT}$sha1$1000$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG"},
    {"{CRYPT}$md5,rounds=100$abcdefgh$$noNcKnd3KA8lreQhy3vXg0"},
    {"{CRYPT}$3$$878d8014606cda29677a44efa1353fc7"},
    {"{CRYPT}", "secret", mismatch},
    {"{CRYPT}", "", mismatch},
    {"{CRYPT}*", "secret", mismatch},
    {"{CRYPT}*0", "secret", mismatch},
    {"{CRYPT}x", "secret", mismatch},
    {"{CRYPT}!rl.3StKT.4T8M", "rasmuslerdorf", mismatch},
    {"{CRYPT}$9$junk", "secret", mismatch},
    {"{CRYPT}$2y$05$short", "secret", "Password is not blowfish password"},

    {"{PBKDF2}$1$h.oIy4sbjlsBg0dc$5000$6726ec5faa31e993fa1dfb554f7bd0aec65dae73"},
    {"{PBKDF2}$1$salt$4096$4B007901B765489ABEAD49D926F721D065A429C1", "password"},
    {"{PBKDF2}$1$salt$4095$4b007901b765489abead49d926f721d065a429c1", "password", mismatch},
    {"{PBKDF2}$1$salt$0$4b007901b765489abead49d926f721d065a429c1", "password", mismatch},
    {"{PBKDF2}$1$salt$1000000000$4b007901b765489abead49d926f721d065a429c1", "password", too_costly},
    {"{PBKDF2}$1$salt$4096$4b00", "password", "PBKDF2 hash not 160bit hex-encoded"},
    {"{PBKDF2}$1$salt$4096", "password", "Invalid PBKDF2 passdb entry format"},
    {"{PBKDF2}$1$salt$x$4b00", "password", "Invalid PBKDF2 passdb entry format"},
    {"{PBKDF2}$2$salt$1$4b00", "password", "Invalid PBKDF2 passdb entry prefix"},
    {"{SCRAM-SHA-1}4096,QSXCR+Q6sek8bf92,6dlGYMOdZcOPutkcNY8U2g7vK9Y=,"
     "D+CSWLOshSulAsxiupA+qs2/fTE=",
     "pencil"},
    {"{SCRAM-SHA-1}4096,QSXCR+Q6sek8bf92,6dlGYMOdZcOPutkcNY8U2g7vK9Y=,"
     "D+CSWLOshSulAsxiupA+qs2/fTE=",
     "Pencil", mismatch},
    {"{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
     "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
     "pencil"},
    {"{SCRAM-SHA-1}4095,QSXCR+Q6sek8bf92,6dlGYMOdZcOPutkcNY8U2g7vK9Y=,"
     "D+CSWLOshSulAsxiupA+qs2/fTE=",
     "pencil", "Invalid SCRAM-SHA-1 iteration count in passdb"},
    {"{SCRAM-SHA-256}2000000000,W22ZaJ0SNY7soEsUEjb6gQ==,"
     "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
     "pencil", too_costly},
    {"{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e"},
    {"{OTP}sha1 1024 47785AC25E7A93C2 8FC287CC82BBCC7E"},
    {"{OTP}md4 99 TeSt c5e612776e6c237a", "This is a test."},
    {"{OTP}md5 99 TeSt 50FE1962C4965880", "This is a test."},
    {"{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7f", "secret", mismatch},
    {"{OTP}sha1 01024 47785ac25e7a93c2 8fc287cc82bbcc7e", "secret", mismatch},
    {"{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc 82bbcc7e", "secret", mismatch},
    {"{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e x", "secret", mismatch},
    {"{OTP}sha1 -5 47785ac25e7a93c2 8fc287cc82bbcc7e", "secret", "Invalid OTP data in passdb"},
    {"{OTP}sha1 1000001 47785ac25e7a93c2 8fc287cc82bbcc7e", "secret", too_costly},

    {"{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$TXbQiIZ53ZSmkGWyxa2E3Q$"
     "GKpBKJIkE5+Gro0cUrVQNvOJK7JjElAs2t0hZ2d7HgQ"},
    {"{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$VFWubMRwDrnBEj088EmL9g$"
     "EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g"},
    {"{ARGON2I}$argon2id$v=19$m=65536,t=3,p=1$VFWubMRwDrnBEj088EmL9g$"
     "EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g"},
    {"{ARGON2ID}$argon2i$v=19$m=32768,t=4,p=1$TXbQiIZ53ZSmkGWyxa2E3Q$"
     "GKpBKJIkE5+Gro0cUrVQNvOJK7JjElAs2t0hZ2d7HgQ",
     "Secret", mismatch},
    {"{ARGON2ID}junk", "secret", mismatch},
    {"{ARGON2ID}$argon2id$v=19$m=65536000,t=3,p=1$VFWubMRwDrnBEj088EmL9g$"
     "EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g",
     "secret", too_costly},
    {"{ARGON2ID}$argon2id$v=19$m=65536,t=4000000000,p=1$VFWubMRwDrnBEj088EmL9g$"
     "EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g",
     "secret", too_costly},
};

}  // namespace

TEST_CASE("stored passwords of every scheme match their password, and say why they don't") {
    auto one = GENERATE(from_range(cases));
    CAPTURE(one.stored, one.password);
    auto stored = auth::split_scheme(one.stored);
    REQUIRE(stored);
    auth::Verification result = auth::verify(*stored, one.password);
    CHECK(result.text == one.text);
    CHECK(result.matches() == one.text.empty());
    CHECK((result.verdict == Verdict::mismatch) == (one.text == mismatch));
}

TEST_CASE("the user's name is part of what DIGEST-MD5 stores, the realm after its last @") {
    // RFC 2831 §4: user chris, realm elwood.innosoft.com.
    auto stored = auth::split_scheme("{DIGEST-MD5}eb5a750053e4d2c34aa84bbc9b0b6ee7");
    CHECK(auth::verify(*stored, "secret", {.user = "chris@elwood.innosoft.com"}).matches());
    CHECK(auth::verify(*stored, "secret", {.user = "Chris@elwood.innosoft.com"}).text == mismatch);
    CHECK(auth::verify(*stored, "secret", {.user = "chris"}).text == mismatch);
    CHECK(auth::verify(*stored, "secret").text == "digest_md5_generate(): username not given");
    auto no_realm = auth::generate("DIGEST-MD5", "secret", {.user = "ana"});
    CHECK(*no_realm == "8040d215cb69c9be41ed6bb9a633b0d3");
    CHECK(*auth::generate("DIGEST-MD5", "secret", {.user = "a@b@c"}) ==
          "c752f0e67f7456b2268cbb0c8bf8f618");
}

TEST_CASE("the scheme stands before the data, else it is the database's own") {
    CHECK_FALSE(auth::split_scheme("secret"));
    CHECK_FALSE(auth::split_scheme("{PLAIN"));
    CHECK_FALSE(auth::split_scheme(""));
    CHECK_FALSE(auth::split_scheme("$1$nosecond"));
    CHECK(auth::split_scheme("{a}b}c")->data == "b}c");
    auto bcrypt =
        auth::split_scheme("$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW", "CRYPT");
    CHECK(auth::verify(bcrypt, "secret").matches());
    CHECK(auth::verify(auth::split_scheme("secret", "PLAIN"), "secret").matches());
    CHECK(auth::verify(
              auth::split_scheme("{SHA.HEX}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4", "PLAIN"),
              "secret")
              .matches());
    CHECK(auth::split_scheme("$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31$x", "PLAIN").scheme ==
          "MD5-CRYPT");
}

TEST_CASE("a password with a NUL matches nothing, and nothing is made of it") {
    const std::string nul("secret\0x", 8);
    for (std::string stored :
         {"{PLAIN}secret", "{PLAIN.b64}c2VjcmV0AHg=",
          "{CRYPT}$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW"}) {
        CAPTURE(stored);
        CHECK(auth::verify(*auth::split_scheme(stored), nul).text == mismatch);
    }
    CHECK_FALSE(auth::generate("PLAIN", nul));
}

TEST_CASE("weak schemes are named, by what the data is, and refused where they are not allowed") {
    struct Case {
        std::string stored;
        std::string weak;
    };
    auto one = GENERATE(values<Case>({
        {"{MD5}5ebe2294ecd0e0f08eab7690d2a6ee69", "MD5"},
        {"{MD5-CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31", "MD5-CRYPT"},
        {"{CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31", "MD5-CRYPT"},
        {"{SHA512-CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31", "MD5-CRYPT"},
        {"{CRYPT}zbeGdyLQZlAcg", "DES-CRYPT"},
        {"{CRYPT}$md5,rounds=100$abcdefgh$$noNcKnd3KA8lreQhy3vXg0", "SunMD5"},
        {"{CRYPT}$3$$878d8014606cda29677a44efa1353fc7", "NT"},
        {"{PLAIN-MD4}67d3dafef63ff00603aeef3769cfbf0d", "PLAIN-MD4"},
        {"{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69", "PLAIN-MD5"},
        {"{LDAP-MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==", "LDAP-MD5"},
        {"{SMD5}E4fwxt5tTSGn5d7mpCwScRQvkFE=", "SMD5"},
        {"{HMAC-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56", "HMAC-MD5"},
        {"{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56", ""},
        {"{DES-CRYPT}$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW", ""},
        {"{PLAIN}secret", ""},
        {"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", ""},
        {"{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e", ""},
    }));
    CAPTURE(one.stored);
    auto stored = auth::split_scheme(one.stored);
    auto allowed = auth::verify(*stored, "secret");
    CHECK(allowed.matches());
    CHECK(allowed.weak_scheme == one.weak);
    auto refused = auth::verify(*stored, "secret", {.weak = auth::WeakSchemes::refused});
    CHECK(refused.weak_scheme == one.weak);
    CHECK(refused.matches() == one.weak.empty());
    if (!one.weak.empty())
        CHECK(refused.text ==
              "Weak password scheme " + one.weak + " refused (auth_allow_weak_schemes=no)");
}

TEST_CASE("limits are what is still done") {
    const std::string bcrypt =
        "{CRYPT}$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW";
    auto with = [](const std::string& stored, auth::SchemeLimits limits) {
        return auth::verify(*auth::split_scheme(stored), "secret", {.limits = limits}).text;
    };
    CHECK(with(bcrypt, {.bcrypt_cost = 5}).empty());
    CHECK(with(bcrypt, {.bcrypt_cost = 4}) == too_costly);
    const std::string pbkdf2 =
        "{PBKDF2}$1$h.oIy4sbjlsBg0dc$5000$6726ec5faa31e993fa1dfb554f7bd0aec65dae73";
    CHECK(with(pbkdf2, {.rounds = 5000}).empty());
    CHECK(with(pbkdf2, {.rounds = 4999}) == too_costly);
    const std::string otp = "{OTP}sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e";
    CHECK(with(otp, {.otp_sequence = 1024}).empty());
    CHECK(with(otp, {.otp_sequence = 1023}) == too_costly);
    const std::string argon2 =
        "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$TXbQiIZ53ZSmkGWyxa2E3Q$"
        "GKpBKJIkE5+Gro0cUrVQNvOJK7JjElAs2t0hZ2d7HgQ";
    CHECK(with(argon2, {.memory_bytes = 32u << 20, .memory_passes = 128u << 20}).empty());
    CHECK(with(argon2, {.memory_bytes = (32u << 20) - 1}) == too_costly);
    CHECK(with(argon2, {.memory_passes = (128u << 20) - 1}) == too_costly);
}
