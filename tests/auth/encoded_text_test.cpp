// SPDX-License-Identifier: MIT
#include "auth/secret/encoded_text.h"

#include <catch2/catch.hpp>

using auth::Base64;
using auth::read_base64;

TEST_CASE("hexadecimal is read whole or not at all") {
    CHECK(auth::read_hex("") == "");
    CHECK(auth::read_hex("7e7E00") == std::string("~~\0", 3));
    CHECK(auth::read_hex("00fFa9") == std::string("\0\xff\xa9", 3));
    for (std::string bad : {"0", "7", "0g", "7g", "g7", "7e ", " 7e", "7e7", "0x7e"}) {
        CAPTURE(bad);
        CHECK_FALSE(auth::read_hex(bad));
    }
    CHECK(auth::write_hex(std::string("\x00\xff\x1a", 3)) == "00ff1a");
    CHECK(auth::write_hex(std::string("\0\xff\xa9", 3)) == "00ffa9");
}

TEST_CASE("base64 is read with its padding and nothing else") {
    for (Base64 form : {Base64::exact, Base64::stored}) {
        CHECK(read_base64("", form) == "");
        CHECK(read_base64("Zg==", form) == "f");
        CHECK(read_base64("Zm8=", form) == "fo");
        CHECK(read_base64("Zm9v", form) == "foo");
        CHECK(read_base64("c2VjcmV0", form) == "secret");
        CHECK(read_base64("c2VjcmU=", form) == "secre");
        CHECK(read_base64("c2VjcmVzcg==", form) == "secresr");
        CHECK(read_base64("/+8=", form) == "\xff\xef");
        CHECK(read_base64("+/+/", form) == "\xfb\xff\xbf");
        for (std::string bad :
             {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Z===", "-_-_", "Zm=v", "c2VjcmU",
              "c2VjcmU==", "c2VjcmV0=", "c2Vjc!V0", "c2VjcmU=c2Vj", "c===", "c2Vj=mV0", "-_8="}) {
            CAPTURE(bad);
            CHECK_FALSE(read_base64(bad, form));
        }
    }
    CHECK(auth::write_base64("secre") == "c2VjcmU=");
}

TEST_CASE("white space and pad bits in base64 are forgiven to what is stored") {
    struct Case {
        std::string text;
        std::string bytes;
    };
    for (const Case& one : {Case{" c2Vj\tcmV0\r\n", "secret"},
                            {"Zm 9v", "foo"},
                            {"Zm9v\n", "foo"},
                            {"Zh==", "f"},
                            {"Zm9=", "fo"}}) {
        CAPTURE(one.text);
        CHECK(read_base64(one.text, Base64::stored) == one.bytes);
        CHECK_FALSE(read_base64(one.text, Base64::exact));
        CHECK_FALSE(read_base64(one.text));
    }
}
