// SPDX-License-Identifier: MIT
#include "auth/crypt_cost.h"

#include <catch2/catch.hpp>

using auth::CryptForm;

TEST_CASE("what a crypt string asks for is known before it is done") {
    struct Case {
        std::string stored;
        CryptForm form;
    };
    const std::string tail = "$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW";
    const auth::SchemeLimits limits{
        .bcrypt_cost = 10, .rounds = 5000, .memory_bytes = 16u << 20, .memory_passes = 32u << 20};
    auto one = GENERATE_COPY(values<Case>({
        {"", CryptForm::unknown},
        {"*", CryptForm::unknown},
        {"!!", CryptForm::unknown},
        {"a", CryptForm::unknown},
        {"ab", CryptForm::usable},
        {"$", CryptForm::unknown},
        {"$9$x", CryptForm::unknown},
        {"$1$x", CryptForm::usable},
        {"$2y$10" + tail, CryptForm::usable},
        {"$2y$11" + tail, CryptForm::too_costly},
        {"$2y$1x" + tail, CryptForm::unknown},
        {"$2y$10" + tail + "x", CryptForm::unknown},
        {"$2c$10" + tail, CryptForm::unknown},
        {"$5$salt$x", CryptForm::usable},
        {"$6$rounds=5000$salt$x", CryptForm::usable},
        {"$6$rounds=5001$salt$x", CryptForm::too_costly},
        {"$6$rounds=18446744073709551617$salt$x", CryptForm::unknown},
        {"$6$rounds=$salt$x", CryptForm::unknown},
        {"$sha1$5000$salt$x", CryptForm::usable},
        {"$sha1$5001$salt$x", CryptForm::too_costly},
        {"$md5$salt$x", CryptForm::usable},
        {"$md5,rounds=5001$salt$x", CryptForm::too_costly},
        {"_Q...salt", CryptForm::usable},      // 28 rounds
        {"_zzzzsalt", CryptForm::too_costly},  // 16,777,215
        {"_!zzzsalt", CryptForm::unknown},
        {"$y$j9T$salt$x", CryptForm::usable},      // 16 MiB
        {"$y$jAT$salt$x", CryptForm::too_costly},  // 32 MiB
        {"$y$jzzzzzzT$salt$x", CryptForm::too_costly},
        {"$y$j9T/.$salt$x", CryptForm::too_costly},  // more parameters
        {"$y$j", CryptForm::unknown},
        {"$y$", CryptForm::unknown},
        {"$gy$j9T$salt$x", CryptForm::usable},
        {"$7$AU..../....salt", CryptForm::usable},   // 2^12, r 32, p 1: 16 MiB
        {"$7$AU....0....salt", CryptForm::usable},   // p 2: 32 MiB of passes
        {"$7$AU..../..../salt", CryptForm::usable},  // the salt's first character is no parameter
        {"$7$AU....1....salt", CryptForm::too_costly},  // p 3
        {"$7$BU..../....salt", CryptForm::too_costly},  // 2^13
        {"$7$zzzzzzzzzzzsalt", CryptForm::too_costly},
        {"$7$A.", CryptForm::unknown},
        {std::string(384, 'a'), CryptForm::unknown},
        {std::string("ab\0x", 4), CryptForm::unknown},
    }));
    CAPTURE(one.stored);
    CHECK(auth::judge_crypt(one.stored, limits) == one.form);
}

TEST_CASE("weak crypt strings have the form of one") {
    CHECK(auth::weak_crypt("rl.3StKT.4T8M") == "DES-CRYPT");
    CHECK(auth::weak_crypt("_J9..rasmBYk8r9AiWNc") == "DES-CRYPT");
    CHECK(auth::weak_crypt("$1$x") == "MD5-CRYPT");
    for (std::string strong : {"", "*", "!", "x", "!rl.3StKT.4T8M", "$2y$05$x", "$6$x", "$y$x"}) {
        CAPTURE(strong);
        CHECK(auth::weak_crypt(strong).empty());
    }
}
