// SPDX-License-Identifier: MIT
#include "auth/otp.h"

#include "auth/secret/encoded_text.h"

#include <catch2/catch.hpp>

using auth::Digest;

TEST_CASE("the passwords of RFC 2289, appendix C") {
    struct Case {
        Digest algorithm;
        std::string password;
        std::string seed;
        unsigned sequence;
        std::string hex;
    };
    auto one = GENERATE(values<Case>({
        {Digest::md4, "This is a test.", "TeSt", 0, "d1854218ebbb0b51"},
        {Digest::md4, "This is a test.", "TeSt", 1, "63473ef01cd0b444"},
        {Digest::md4, "This is a test.", "TeSt", 99, "c5e612776e6c237a"},
        {Digest::md4, "AbCdEfGhIjK", "alpha1", 99, "d150c82cce6f62d1"},
        {Digest::md5, "This is a test.", "TeSt", 0, "9e876134d90499dd"},
        {Digest::md5, "This is a test.", "TeSt", 1, "7965e05436f5029f"},
        {Digest::md5, "This is a test.", "TeSt", 99, "50fe1962c4965880"},
        {Digest::sha1, "This is a test.", "TeSt", 0, "bb9e6ae1979d8ff4"},
        {Digest::sha1, "This is a test.", "TeSt", 1, "63d936639734385b"},
        {Digest::sha1, "This is a test.", "TeSt", 99, "87fec7768b73ccf9"},
        {Digest::sha1, "OTP's are good", "correct", 99, "4f296a74fe1567ec"},
    }));
    CAPTURE(one.hex);
    CHECK(auth::write_hex(auth::otp_hash(one.algorithm, one.seed, one.password, one.sequence)) ==
          one.hex);
}

TEST_CASE("one step leads from a password to the one that was stored before it") {
    std::string next = auth::otp_hash(Digest::sha1, "seed1", "a pass phrase", 41);
    CHECK(auth::otp_step(Digest::sha1, next) ==
          auth::otp_hash(Digest::sha1, "seed1", "a pass phrase", 42));
}

TEST_CASE("the stored state is read in its form and written so") {
    const std::string text = "sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e";
    auto state = auth::read_otp(text);
    REQUIRE(state);
    CHECK(state->algorithm == Digest::sha1);
    CHECK(state->sequence == 1024);
    CHECK(state->seed == "47785ac25e7a93c2");
    CHECK(auth::write_otp(*state) == text);
    REQUIRE(auth::read_otp("md5 0 Ab 8FC287CC 82BBCC7E x"));
    CHECK(auth::write_otp(*auth::read_otp("md5 0 Ab 8FC287CC 82BBCC7E x")) ==
          "md5 0 ab 8fc287cc82bbcc7e");
    for (std::string bad :
         {"", "junk", "sha1", "sha1 ", "SHA1 1 a 8fc287cc82bbcc7e", "sha2 1 a 8fc287cc82bbcc7e",
          "sha1 -5 a 8fc287cc82bbcc7e", "sha1  1 a 8fc287cc82bbcc7e", "sha1 x a 8fc287cc82bbcc7e",
          "sha1 4294967296 a 8fc287cc82bbcc7e", "sha1 1 a_b 8fc287cc82bbcc7e",
          "sha1 1 12345678901234567 8fc287cc82bbcc7e", "sha1 1 a 8fc287cc82bbcc7",
          "sha1 1 a 8fc287cc82bbcc7g", "sha1 1 a"}) {
        CAPTURE(bad);
        CHECK_FALSE(auth::read_otp(bad));
    }
}
