// SPDX-License-Identifier: MIT
// OAUTHBEARER (RFC 7628) and XOAUTH2.
#include "auth/sasl/limits.h"
#include "auth/sasl/oauth_message.h"
#include "auth/secret/encoded_text.h"
#include "tests/auth/sasl_exchange.h"

#include <catch2/catch.hpp>

namespace {

constexpr const char* token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

SaslUsers users() {
    SaslUsers made;
    made.tokens = {{token, "user@example.com"}};
    return made;
}

auth::sasl::Settings settings() {
    auth::sasl::Settings made;
    made.token_scope = "example_scope";
    made.openid_configuration = "https://example.com/.well-known/openid-configuration";
    return made;
}

const std::string refusal =
    "+ {\"status\":\"invalid_token\",\"scope\":\"example_scope\","
    "\"openid-configuration\":\"https://example.com/.well-known/openid-configuration\"}";
const std::string old_refusal =
    "+ "
    "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"example_scope\",\"openid-"
    "configuration\":\"https://example.com/.well-known/openid-configuration\"}";
const std::string bad = "NO bad_data: invalid input";

std::string bearer(std::string_view pairs) {
    return "n,a=user@example.com,\1" + std::string(pairs) + "\1";
}

struct Case {
    const char* name;
    const char* mechanism;
    std::string message;
    std::string heard;
    std::string end;  // after "\1"; empty: `heard` was the end
};

}  // namespace

TEST_CASE("RFC 7628 §4.1: the examples' messages") {
    const SaslUsers known = users();
    for (
        const char* text :
        {"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
         "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB",
         "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyI"
         "HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"}) {
        SaslExchange exchange("OAUTHBEARER", known, settings());
        CHECK(exchange.start(*auth::read_base64(text)) == "OK user@example.com");
        CHECK(exchange.needs() ==
              std::vector<std::string>{std::string("token user@example.com ") + token});
    }
    const auto parsed = auth::sasl::parse_oauthbearer(
        bearer("host=server.example.com\1port=143\1auth=Bearer " + std::string(token) + "\1"));
    REQUIRE(parsed);
    CHECK(parsed->host == "server.example.com");
    CHECK(parsed->port == 143);
}

TEST_CASE("exchanges of OAUTHBEARER and XOAUTH2") {
    const std::string good = "auth=Bearer " + std::string(token) + "\1";
    std::string many;
    for (std::size_t i = 1; i < auth::sasl::limits::max_pairs; ++i)
        many += "k=v\1";
    const auto one = GENERATE_COPY(values<Case>({
        {"§4.3: an empty auth asks for the scope", "OAUTHBEARER", bearer("auth=\1"), refusal,
         "NO bad_data user@example.com: no bearer token"},
        {"no auth at all", "OAUTHBEARER", bearer("host=a\1"), refusal,
         "NO bad_data user@example.com: no bearer token"},
        {"another scheme", "OAUTHBEARER", bearer("auth=Basic abc\1"), refusal,
         "NO bad_data user@example.com: no bearer token"},
        {"no b64token", "OAUTHBEARER", bearer("auth=Bearer a b\1"), refusal,
         "NO bad_data user@example.com: no bearer token"},
        {"a token that nobody gave", "OAUTHBEARER", bearer("auth=Bearer abc\1"), refusal,
         "NO wrong_secret user@example.com: invalid token"},
        {"another's token", "OAUTHBEARER", "n,a=bob,\1" + good + "\1", refusal,
         "NO wrong_secret bob: invalid token"},
        {"the token says who", "OAUTHBEARER", "n,,\1" + good + "\1", "OK user@example.com", ""},
        {"the client could bind to the channel", "OAUTHBEARER", "y,,\1" + good + "\1",
         "OK user@example.com", ""},
        {"there is no binding here", "OAUTHBEARER", "p=tls-unique,,\1" + good + "\1", bad, ""},
        {"§4: the scheme in any case", "OAUTHBEARER",
         bearer("auth=bEARER " + std::string(token) + "\1"), "OK user@example.com", ""},
        {"unknown keys are ignored", "OAUTHBEARER", bearer("qs=x\1" + good + "foo=\1"),
         "OK user@example.com", ""},
        {"the most pairs", "OAUTHBEARER", bearer(many + good), "OK user@example.com", ""},
        {"one pair more", "OAUTHBEARER", bearer(many + "k=v\1" + good), bad, ""},
        {"auth twice", "OAUTHBEARER", bearer(good + good), bad, ""},
        {"a port beyond 65535", "OAUTHBEARER", bearer("port=65536\1" + good), bad, ""},
        {"§3.1: the answer to an error comes first", "OAUTHBEARER", "\1", bad, ""},
        {"nothing", "OAUTHBEARER", "", "+ ", bad},
        {"the last separator is missing", "OAUTHBEARER", "n,,\1" + good, "OK user@example.com", ""},
        {"both last separators are missing", "OAUTHBEARER", "n,,\1auth=Bearer a", bad, ""},
        {"the header's last comma is missing", "OAUTHBEARER",
         "n,a=user@example.com\1" + good + "\1", "OK user@example.com", ""},
        {"one comma too many", "OAUTHBEARER", "n,,,\1" + good + "\1", bad, ""},
        {"one separator too many", "OAUTHBEARER", bearer(good) + "\1", bad, ""},
        {"no key", "OAUTHBEARER", bearer("=x\1" + good), bad, ""},
        {"NUL", "OAUTHBEARER", bearer("host=" + std::string(1, '\0') + "\1"), bad, ""},
        {"a name with an equals sign", "OAUTHBEARER", "n,a=a=b,\1" + good + "\1", bad, ""},
        {"XOAUTH2", "XOAUTH2", "user=user@example.com\1" + good + "\1", "OK user@example.com", ""},
        {"XOAUTH2, wrong token", "XOAUTH2", "user=user@example.com\1auth=Bearer x\1\1", old_refusal,
         "NO wrong_secret user@example.com: invalid token"},
        {"XOAUTH2, no token", "XOAUTH2", "user=user@example.com\1\1", old_refusal,
         "NO bad_data user@example.com: no bearer token"},
        {"XOAUTH2, user twice", "XOAUTH2", "user=a\1user=b\1" + good + "\1", bad, ""},
        {"XOAUTH2, control character in the name", "XOAUTH2", "user=a\nb\1" + good + "\1", bad, ""},
        {"XOAUTH2, the last separator is missing", "XOAUTH2", "user=user@example.com\1" + good,
         "OK user@example.com", ""},
        {"XOAUTH2, no separator", "XOAUTH2", "user=user@example.com", bad, ""},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    SaslExchange exchange(one.mechanism, known, settings());
    CHECK(exchange.start(one.message) == one.heard);
    if (!one.end.empty()) CHECK(exchange.say("\1") == one.end);
    CHECK_FALSE(exchange.open());
}

TEST_CASE("the longest token") {
    const SaslUsers known = users();
    const auto message = [](std::size_t bytes) {
        const std::string start = "user=a\1auth=Bearer ";
        return start + std::string(bytes - start.size() - 2, 't') + "\1\1";
    };
    namespace limits = auth::sasl::limits;
    SaslExchange longest("XOAUTH2", known, settings());
    CHECK(longest.start(message(limits::max_message_bytes)) == old_refusal);
    SaslExchange longer("XOAUTH2", known, settings());
    CHECK(longer.start(message(limits::max_message_bytes + 1)) ==
          "NO bad_data: too long a message");
}

TEST_CASE("the errors' JSON holds whatever a scope is made of") {
    CHECK(auth::sasl::oauthbearer_error("invalid_token", "", "") ==
          "{\"status\":\"invalid_token\"}");
    CHECK(auth::sasl::oauthbearer_error("invalid_token", "a\"b\\\n", "") ==
          "{\"status\":\"invalid_token\",\"scope\":\"a\\\"b\\\\\\n\"}");
    CHECK(auth::sasl::xoauth2_error("401", "\xff", "") ==
          "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"\xef\xbf\xbd\"}");
}
