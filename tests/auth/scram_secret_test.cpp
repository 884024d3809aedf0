// SPDX-License-Identifier: MIT
#include "auth/secret/scram_secret.h"

#include "auth/secret/encoded_text.h"

#include <catch2/catch.hpp>

using auth::Digest;

TEST_CASE("the keys of RFC 5802 §5 and RFC 7677 §3") {
    std::string salt1 = *auth::read_base64("QSXCR+Q6sek8bf92");
    CHECK(auth::write_scram(auth::make_scram("pencil", salt1, 4096, Digest::sha1)) ==
          "4096,QSXCR+Q6sek8bf92,6dlGYMOdZcOPutkcNY8U2g7vK9Y=,D+CSWLOshSulAsxiupA+qs2/fTE=");
    std::string salt256 = *auth::read_base64("W22ZaJ0SNY7soEsUEjb6gQ==");
    CHECK(auth::write_scram(auth::make_scram("pencil", salt256, 4096, Digest::sha256)) ==
          "4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
          "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
}

TEST_CASE("a stored secret is read back, and a broken one says what is broken") {
    const std::string stored_key = "6dlGYMOdZcOPutkcNY8U2g7vK9Y=";
    const std::string server_key = "D+CSWLOshSulAsxiupA+qs2/fTE=";
    struct Case {
        std::string text;
        std::string error;  // empty: it is read
    };
    auto one = GENERATE_COPY(values<Case>({
        {"4096,QSXCR+Q6sek8bf92," + stored_key + "," + server_key, ""},
        {"4096,," + stored_key + "," + server_key, ""},
        {"4096,QSXCR+Q6sek8bf92," + stored_key, "passdb entry format"},
        {"", "passdb entry format"},
        {"4096,a,b,c,d", "passdb entry format"},
        {"4095,QSXCR+Q6sek8bf92," + stored_key + "," + server_key, "iteration count in passdb"},
        {"2147483648,QSXCR+Q6sek8bf92," + stored_key + "," + server_key,
         "iteration count in passdb"},
        {"x,QSXCR+Q6sek8bf92," + stored_key + "," + server_key, "iteration count in passdb"},
        {"4096,!," + stored_key + "," + server_key, "salt in passdb"},
        {"4096,QSXCR+Q6sek8bf92,6dlG," + server_key, "StoredKey in passdb"},
        {"4096,QSXCR+Q6sek8bf92," + stored_key + ",!", "ServerKey in passdb"},
    }));
    CAPTURE(one.text);
    auto secret = auth::read_scram(one.text, Digest::sha1);
    if (one.error.empty()) {
        REQUIRE(secret);
        CHECK(auth::write_scram(*secret) == one.text);
    } else {
        REQUIRE_FALSE(secret);
        CHECK(secret.error() == "Invalid SCRAM-SHA-1 " + one.error);
    }
}

TEST_CASE("a stored secret is one of another digest, or within other limits") {
    const std::string rest =
        ",QSXCR+Q6sek8bf92,6dlGYMOdZcOPutkcNY8U2g7vK9Y=,D+CSWLOshSulAsxiupA+qs2/fTE=";
    const auto other = auth::read_scram("4096" + rest, Digest::sha256);
    REQUIRE_FALSE(other);
    CHECK(other.error() == "Invalid SCRAM-SHA-256 StoredKey in passdb");
    const auto readable = [&](const std::string& iterations) {
        return auth::read_scram(iterations + rest, Digest::sha1, {.least = 1, .most = 5000})
            .has_value();
    };
    CHECK_FALSE(readable("0"));
    CHECK(readable("1"));
    CHECK(readable("5000"));
    CHECK_FALSE(readable("5001"));
}

TEST_CASE("proof and signature of RFC 5802 §5") {
    const std::string salt = *auth::read_base64("QSXCR+Q6sek8bf92");
    const auto secret = auth::make_scram("pencil", salt, 4096, Digest::sha1);
    const std::string nonce = "fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j";
    const std::string exchange = "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=" + nonce +
                                 ",s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=" + nonce;
    const std::string proof = *auth::read_base64("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    CHECK(auth::is_scram_proof(secret, exchange, proof, Digest::sha1));
    CHECK_FALSE(auth::is_scram_proof(secret, exchange + "x", proof, Digest::sha1));
    CHECK_FALSE(auth::is_scram_proof(secret, exchange, proof.substr(1), Digest::sha1));
    CHECK_FALSE(auth::is_scram_proof(secret, exchange, "", Digest::sha1));
    CHECK(auth::write_base64(auth::scram_signature(secret, exchange, Digest::sha1)) ==
          "rmF9pqV8S7suAoZWja4dJRkFsKQ=");
}
