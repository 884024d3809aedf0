// SPDX-License-Identifier: MIT
#include "auth/secret/digest.h"

#include "auth/secret/encoded_text.h"

#include <catch2/catch.hpp>

using auth::Digest;

TEST_CASE("digests of abc, in any number of parts") {
    struct Case {
        Digest algorithm;
        std::string hex;
    };
    // RFC 1320, RFC 1321, RFC 3174, FIPS 180-4.
    auto one = GENERATE(values<Case>({
        {Digest::md4, "a448017aaf21d8525fc10ae87aa6729d"},
        {Digest::md5, "900150983cd24fb0d6963f7d28e17f72"},
        {Digest::sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {Digest::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {Digest::sha512,
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    }));
    CAPTURE(one.hex);
    CHECK(auth::write_hex(auth::digest(one.algorithm, {"abc"})) == one.hex);
    CHECK(auth::write_hex(auth::digest(one.algorithm, {"a", "", "bc"})) == one.hex);
    CHECK(auth::digest_bytes(one.algorithm) == one.hex.size() / 2);
}

TEST_CASE("HMAC, with keys up to and beyond a block") {
    // RFC 2202 and RFC 4231, test case 2; RFC 2202, test case 6.
    CHECK(auth::write_hex(auth::hmac(Digest::sha1, "Jefe", "what do ya want for nothing?")) ==
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    CHECK(auth::write_hex(auth::hmac(Digest::sha256, "Jefe", "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(auth::write_hex(auth::hmac(Digest::sha1, std::string(80, '\xaa'),
                                     "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST_CASE("PBKDF2 of RFC 6070") {
    CHECK(auth::write_hex(auth::derive_key(Digest::sha1, "password", "salt", 1)) ==
          "0c60c80f961f0e71f3a9b524af6012062fe037a6");
    CHECK(auth::write_hex(auth::derive_key(Digest::sha1, "password", "salt", 2)) ==
          "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    CHECK(auth::write_hex(auth::derive_key(Digest::sha1, "password", "salt", 4096)) ==
          "4b007901b765489abead49d926f721d065a429c1");
}

TEST_CASE("the states of CRAM-MD5, with passwords up to and beyond a block") {
    // As `doveadm pw -s CRAM-MD5` gives them.
    CHECK(auth::write_hex(auth::cram_md5_states("secret")) ==
          "cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56");
    CHECK(auth::cram_md5_states(std::string(65, 'x')) ==
          auth::cram_md5_states(auth::digest(Digest::md5, {std::string(65, 'x')})));
    CHECK(auth::cram_md5_states(std::string(64, 'x')) !=
          auth::cram_md5_states(auth::digest(Digest::md5, {std::string(64, 'x')})));
}

TEST_CASE("HMAC-MD5 from the states of CRAM-MD5") {
    // RFC 2195 §2.
    const std::string challenge = "<1896.697170952@postoffice.reston.mci.net>";
    const std::string states = auth::cram_md5_states("tanstaaftanstaaf");
    CHECK(auth::write_hex(auth::cram_md5_hmac(states, challenge)) ==
          "b913a602c7eda7a495b4e6e7334d3890");
    for (std::size_t length : {0u, 1u, 55u, 56u, 64u, 200u}) {
        const std::string text(length, 'x');
        CHECK(auth::cram_md5_hmac(states, text) ==
              auth::hmac(Digest::md5, "tanstaaftanstaaf", text));
    }
}
