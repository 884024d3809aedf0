// SPDX-License-Identifier: MIT
#include "auth/secret/secret_bytes.h"

#include <catch2/catch.hpp>

TEST_CASE("secrets are the same or not") {
    CHECK(auth::same_secret("abc", "abc"));
    CHECK_FALSE(auth::same_secret("abc", "abd"));
    CHECK_FALSE(auth::same_secret("abc", "abcd"));
    CHECK(auth::same_secret("", ""));
}

TEST_CASE("a wiped secret is empty, and no random bytes are like others") {
    std::string secret = "secret";
    auth::wipe(secret);
    CHECK(secret.empty());
    CHECK(auth::random_bytes(16).size() == 16);
    CHECK(auth::random_bytes(16) != auth::random_bytes(16));
    CHECK(auth::random_salt(16).find_first_not_of("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                  "abcdefghijklmnopqrstuvwxyz") ==
          std::string::npos);
}
