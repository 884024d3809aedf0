// SPDX-License-Identifier: MIT
#include "auth/stored_text.h"

#include <catch2/catch.hpp>

TEST_CASE("hexadecimal is read whole or not at all") {
    CHECK(auth::read_hex("") == "");
    CHECK(auth::read_hex("7e7E00") == std::string("~~\0", 3));
    for (std::string bad : {"7", "7g", "g7", "7e ", " 7e", "7e7", "0x7e"}) {
        CAPTURE(bad);
        CHECK_FALSE(auth::read_hex(bad));
    }
    CHECK(auth::write_hex(std::string("\x00\xff\x1a", 3)) == "00ff1a");
}

TEST_CASE("base64 is read with its padding, white space anywhere, nothing else") {
    CHECK(auth::read_base64("") == "");
    CHECK(auth::read_base64("c2VjcmV0") == "secret");
    CHECK(auth::read_base64(" c2Vj\tcmV0\r\n") == "secret");
    CHECK(auth::read_base64("c2VjcmU=") == "secre");
    CHECK(auth::read_base64("c2VjcmVzcg==") == "secresr");
    CHECK(auth::read_base64("/+8=") == "\xff\xef");
    for (std::string bad : {"c2VjcmU", "c2VjcmU==", "c2VjcmV0=", "c2Vjc!V0", "c2VjcmU=c2Vj", "=",
                            "====", "c===", "c2Vj=mV0", "-_8="}) {
        CAPTURE(bad);
        CHECK_FALSE(auth::read_base64(bad));
    }
    CHECK(auth::write_base64("secre") == "c2VjcmU=");
}
