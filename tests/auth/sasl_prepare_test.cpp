// SPDX-License-Identifier: MIT
// SASLprep (RFC 4013).
#include "auth/sasl/limits.h"
#include "auth/sasl/prepare.h"

#include <catch2/catch.hpp>

#include <string>

namespace limits = auth::sasl::limits;
using auth::sasl::from_latin1;
using auth::sasl::prepare_name;
using auth::sasl::prepare_password;
using auth::sasl::to_latin1;

TEST_CASE("RFC 4013 §3: the examples, and what is no name") {
    CHECK(prepare_name("I\xc2\xadX") == "IX");
    CHECK(prepare_name("user") == "user");
    CHECK(prepare_name("USER") == "USER");
    CHECK(prepare_name("\xc2\xaa") == "a");
    CHECK(prepare_name("\xe2\x85\xa8") == "IX");
    CHECK_FALSE(prepare_name("\x07"));
    CHECK_FALSE(
        prepare_name("\xd8\xa7"
                     "1"));
    CHECK(prepare_name("a\xc2\xa0"
                       "b") == "a b");  // RFC 4013 §2.1: other spaces become spaces
    CHECK_FALSE(prepare_name(""));
    CHECK_FALSE(prepare_name("\xff"));
    CHECK_FALSE(prepare_name("\xed\xa0\x80"));  // a surrogate
    CHECK_FALSE(prepare_name(std::string_view("a\0b", 3)));
    CHECK_FALSE(prepare_name("\x7f"));
    CHECK(prepare_name("\xf0\x9f\x98\x80"));  // assigned after Unicode 3.2: a query may hold it
    CHECK(prepare_name(std::string(limits::max_name_bytes, 'x')));
    CHECK_FALSE(prepare_name(std::string(limits::max_name_bytes + 1, 'x')));
    // Grows eighteenfold: U+FDFA.
    std::string grows;
    while (grows.size() < limits::max_name_bytes - 3)
        grows += "\xef\xb7\xba";
    CHECK_FALSE(prepare_name(grows));
}

TEST_CASE("a password that cannot be prepared stays as it is") {
    CHECK(prepare_password("I\xc2\xadX") == "IX");
    CHECK(prepare_password("\xff") == "\xff");
    CHECK(prepare_password("\x07") == "\x07");
    CHECK(prepare_password("").empty());
    CHECK(prepare_password("\xc2\xad") == "\xc2\xad");
}

TEST_CASE("ISO 8859-1 and UTF-8") {
    CHECK(to_latin1("caf\xc3\xa9 \xc2\x80\xc3\xbf") == "caf\xe9 \x80\xff");
    CHECK_FALSE(to_latin1("\xc4\x80"));
    CHECK_FALSE(to_latin1("\xc3"));
    CHECK(from_latin1("caf\xe9") == "caf\xc3\xa9");
}
