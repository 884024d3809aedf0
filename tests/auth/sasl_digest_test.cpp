// SPDX-License-Identifier: MIT
// CRAM-MD5 (RFC 2195), APOP (RFC 1939) and DIGEST-MD5 (RFC 2831).
#include "auth/sasl/digest_response.h"
#include "auth/sasl/limits.h"
#include "auth/secret/digest.h"
#include "auth/secret/encoded_text.h"
#include "tests/auth/sasl_exchange.h"

#include <catch2/catch.hpp>

using namespace std::string_literals;

namespace {

namespace limits = auth::sasl::limits;
using auth::digest;
using auth::Digest;
using auth::read_hex;
using auth::write_hex;
using auth::sasl::parse_digest_response;
using auth::sasl::Peer;
using auth::sasl::quoted;
using auth::sasl::random_nonce;
using auth::sasl::SecretScheme;
using auth::sasl::Settings;

class FixedClock final : public base::Clock {
  public:
    base::WallTime now() const override { return base::WallTime(std::chrono::seconds(697170952)); }
};
const FixedClock fixed_clock;

Settings settings_with(const std::string& nonce) {
    Settings made;
    made.host = "postoffice.reston.mci.net";
    made.clock = &fixed_clock;
    made.nonce = [nonce](std::size_t) { return nonce; };
    return made;
}

SaslUsers users() {
    SaslUsers made;
    made.add("tim", SecretScheme::plain, "tanstaaftanstaaf");
    made.add("tim2", SecretScheme::cram_md5,  // doveadm pw -s CRAM-MD5 -p tanstaaftanstaaf
             *read_hex("d06d4e1b26fccaa4b0b61801132340a354b21152711fb604ca3e035e7015116b"));
    made.add("two words", SecretScheme::plain, "tanstaaftanstaaf");
    made.add("short", SecretScheme::cram_md5, "x");
    made.add("chris@elwood.innosoft.com", SecretScheme::plain, "secret");
    made.add("hashed@elwood.innosoft.com", SecretScheme::digest_md5,
             digest(Digest::md5, {"hashed:elwood.innosoft.com:secret"}));
    made.add("bad@elwood.innosoft.com", SecretScheme::digest_md5, "x");
    made.add("josé", SecretScheme::plain, "ñandú");
    return made;
}

constexpr const char* proof = "b913a602c7eda7a495b4e6e7334d3890";

// A DIGEST-MD5 client that hashes as it is told (RFC 2831 §2.1.2.1).
struct DigestClient {
    std::string user = "chris";
    std::string realm = "elwood.innosoft.com";
    std::string password = "secret";
    std::string nonce = "OA6MG9tEQGm2hh";
    std::string uri = "imap/elwood.innosoft.com";
    std::string authzid;
    std::string hashed_user;      // empty: as `user`
    std::string hashed_password;  // likewise
    std::string rest = ",charset=utf-8,qop=auth";

    std::string response() const {
        const std::string key =
            digest(Digest::md5, {hashed_user.empty() ? user : hashed_user, ":", realm, ":",
                                 hashed_password.empty() ? password : hashed_password});
        std::string a1 = key + ":" + nonce + ":OA6MHXh6VqTrRk";
        if (!authzid.empty()) a1 += ":" + authzid;
        const std::string hash = write_hex(digest(
            Digest::md5,
            {write_hex(digest(Digest::md5, {a1})), ":", nonce, ":00000001:OA6MHXh6VqTrRk:auth:",
             write_hex(digest(Digest::md5, {"AUTHENTICATE:", uri}))}));
        std::string text = "username=" + quoted(user) + ",realm=" + quoted(realm) +
                           ",nonce=" + quoted(nonce) +
                           ",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\",digest-uri=" + quoted(uri) +
                           ",response=" + hash + rest;
        if (!authzid.empty()) text += ",authzid=" + quoted(authzid);
        return text;
    }
};

std::string log_in(const SaslUsers& known, const std::string& response,
                   const std::vector<std::string>& realms = {"elwood.innosoft.com"}) {
    Settings settings = settings_with("OA6MG9tEQGm2hh");
    settings.realms = realms;
    Peer peer;
    peer.service = "imap";
    SaslExchange exchange("DIGEST-MD5", known, settings, peer);
    exchange.start();
    std::string said = exchange.say(response);
    if (const std::size_t at = said.find(" data rspauth="); at != std::string::npos) said.erase(at);
    return said;
}

}  // namespace

TEST_CASE("exchanges of CRAM-MD5") {
    struct Case {
        const char* name;
        std::string said;
        const char* heard;
    };
    const auto one = GENERATE(values<Case>({
        {"RFC 2195 §3", "tim "s + proof, "OK tim"},
        {"Dovecot's hashed secret", "tim2 "s + proof, "OK tim2"},
        {"a name with a space", "two words "s + proof, "OK two words"},
        {"upper case", "tim B913A602C7EDA7A495B4E6E7334D3890", "OK tim"},
        {"one bit", "tim b913a602c7eda7a495b4e6e7334d3891",
         "NO wrong_secret tim: password mismatch"},
        {"one bit, hashed", "tim2 b913a602c7eda7a495b4e6e7334d3891",
         "NO wrong_secret tim2: password mismatch"},
        {"an unknown user", "bob "s + proof, "NO unknown_user bob: unknown user"},
        {"no fitting secret", "hashed@elwood.innosoft.com "s + proof,
         "NO wrong_secret hashed@elwood.innosoft.com: no secret in a form that fits"},
        {"a damaged secret", "short "s + proof, "NO temporary short: damaged stored secret"},
        {"no name", " "s + proof, "NO bad_data: empty username"},
        {"no space", proof, "NO bad_data: invalid input"},
        {"no digest", "tim ", "NO bad_data: invalid input"},
        {"half a digest", "tim b913a602c7eda7a4", "NO bad_data: invalid input"},
        {"an odd digit", "tim b913a602c7eda7a495b4e6e7334d389", "NO bad_data: invalid input"},
        {"no digits", "tim b913a602c7eda7a495b4e6e7334d389g", "NO bad_data: invalid input"},
        {"NUL in the name", "ti\0m "s + proof, "NO bad_data: invalid input"},
        {"nothing", "", "NO bad_data: invalid input"},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    SaslExchange exchange("CRAM-MD5", known, settings_with("1896"));
    CHECK(exchange.start() == "+ <1896.697170952@postoffice.reston.mci.net>");
    CHECK(exchange.say(one.said) == one.heard);
}

TEST_CASE("RFC 4422 §5: where the server begins there is no initial response") {
    const SaslUsers known = users();
    for (const char* mechanism : {"CRAM-MD5", "DIGEST-MD5"}) {
        SaslExchange exchange(mechanism, known);
        CHECK(exchange.start("tim") == "NO bad_data: invalid input");
        SaslExchange empty(mechanism, known);  // some clients' way to say that there is none
        CHECK(empty.start("").starts_with("+ "));
    }
}

TEST_CASE("no two challenges are alike") {
    const SaslUsers known;
    for (const char* mechanism : {"CRAM-MD5", "DIGEST-MD5"}) {
        SaslExchange one(mechanism, known), other(mechanism, known);
        CHECK(one.start() != other.start());
    }
    CHECK(random_nonce(18).size() == 24);
}

TEST_CASE("APOP, in the form of Dovecot's auth protocol") {
    const SaslUsers known = [] {
        SaslUsers made;
        made.add("mrose", SecretScheme::plain, "tanstaaf");
        return made;
    }();
    const std::string challenge = "<1896.697170952@dbc.mtview.ca.us>";
    const std::string hash = *read_hex("c4c9334bac560ecc979e58001b3e22fb");
    const std::pair<std::string, const char*> messages[] = {
        {challenge + "\0mrose\0"s + hash, "OK mrose"},  // RFC 1939 §7
        {challenge + "\0mrose\0"s + std::string(16, '\0'),
         "NO wrong_secret mrose: password mismatch"},
        {challenge + "\0bob\0"s + hash, "NO unknown_user bob: unknown user"},
        {challenge + "\0mrose\0"s + hash + "x", "NO bad_data: invalid input"},
        {challenge + "\0mrose"s, "NO bad_data: invalid input"},
        {challenge, "NO bad_data: invalid input"},
        {"<1897.697170952@dbc.mtview.ca.us>\0mrose\0"s + hash,
         "NO bad_data: not the challenge of this connection"},
        {"<1896.\0mrose\0"s + hash, "NO bad_data: not the challenge of this connection"},
    };
    for (const auto& [message, heard] : messages) {
        Peer peer;
        peer.apop_prefix = "<1896.";
        SaslExchange exchange("APOP", known, {}, peer);
        CHECK(exchange.start(message) == heard);
        SaslExchange elsewhere("APOP", known);
        CHECK(elsewhere.start(message).starts_with("NO bad_data"));
    }
}

TEST_CASE("RFC 2831 §4: the example") {
    const SaslUsers known = users();
    Settings settings = settings_with("OA6MG9tEQGm2hh");
    settings.realms = {"elwood.innosoft.com"};
    Peer peer;
    peer.service = "imap";
    SaslExchange exchange("DIGEST-MD5", known, settings, peer);
    CHECK(exchange.start() ==
          "+ realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
          "algorithm=md5-sess,charset=utf-8");
    CHECK(exchange.say("charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\","
                       "nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\","
                       "digest-uri=\"imap/elwood.innosoft.com\","
                       "response=d388dad90d4bbd760a152321f2143af7,qop=auth") ==
          "OK chris@elwood.innosoft.com data rspauth=ea40f60335c427b5527b84dbabcdfffd");
}

TEST_CASE("the challenge of DIGEST-MD5 offers all realms, or the empty one") {
    const SaslUsers known;
    Settings settings = settings_with("N");
    settings.realms = {"a", "b\"c\\"};
    CHECK(SaslExchange("DIGEST-MD5", known, settings).start() ==
          "+ realm=\"a\",realm=\"b\\\"c\\\\\",nonce=\"N\",qop=\"auth\",algorithm=md5-sess,"
          "charset=utf-8");
    CHECK(SaslExchange("DIGEST-MD5", known, settings_with("N")).start() ==
          "+ realm=\"\",nonce=\"N\",qop=\"auth\",algorithm=md5-sess,charset=utf-8");
}

TEST_CASE("log-ins by DIGEST-MD5") {
    struct Case {
        const char* name;
        DigestClient client;
        const char* heard;
    };
    const auto one = GENERATE(values<Case>({
        {"a hashed secret", {.user = "hashed"}, "OK hashed@elwood.innosoft.com"},
        {"another identity", {.authzid = "fred"}, "OK chris@elwood.innosoft.com as fred"},
        {"its own identity, without the realm",
         {.authzid = "chris"},
         "OK chris@elwood.innosoft.com"},
        {"no qop is auth", {.rest = ""}, "OK chris@elwood.innosoft.com"},
        {"blanks, empty elements and unknown directives",
         {.rest = " ,\t, foo = bar ,, x=\"\\\"\" ,QOP=auth"},
         "OK chris@elwood.innosoft.com"},
        {"another name of the host", {.uri = "imap/mx/serv"}, "OK chris@elwood.innosoft.com"},
        {"a wrong password",
         {.password = "x"},
         "NO wrong_secret chris@elwood.innosoft.com: password mismatch"},
        {"an unknown user",
         {.user = "bob"},
         "NO unknown_user bob@elwood.innosoft.com: unknown user"},
        {"a damaged secret",
         {.user = "bad"},
         "NO temporary bad@elwood.innosoft.com: damaged stored secret"},
        {"a name with its domain",
         {.user = "chris@elwood.innosoft.com"},
         "OK chris@elwood.innosoft.com"},
        {"a realm that was not offered",
         {.realm = "else"},
         "NO bad_data: a realm that was not offered"},
        {"an old nonce",
         {.nonce = "OA6MG9tEQGm2hi"},
         "NO bad_data: not the nonce of this exchange"},
        {"another service",
         {.uri = "smtp/elwood.innosoft.com"},
         "NO bad_data: made for another service"},
        {"no service", {.uri = "imap"}, "NO bad_data: made for another service"},
        {"a security layer",
         {.rest = ",qop=auth-conf"},
         "NO bad_data: a security layer was asked for"},
        {"an unknown charset", {.rest = ",charset=ascii"}, "NO bad_data: invalid input"},
        {"a directive twice", {.rest = ",nc=00000001"}, "NO bad_data: invalid input"},
        {"no value", {.rest = ",foo="}, "NO bad_data: invalid input"},
        {"no end of a string", {.rest = ",foo=\"x"}, "NO bad_data: invalid input"},
        {"no end of an escape", {.rest = ",foo=\"x\\"}, "NO bad_data: invalid input"},
        {"no comma", {.rest = ",foo=bar baz"}, "NO bad_data: invalid input"},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    CHECK(log_in(known, one.client.response()) == one.heard);
}

TEST_CASE("RFC 2831 §2.1.2.1: names and passwords beyond ASCII") {
    struct Case {
        const char* name;
        DigestClient client;
    };
    const auto one = GENERATE(values<Case>({
        {"all in UTF-8", {.user = "josé", .password = "ñandú"}},
        {"hashed as ISO 8859-1",
         {.user = "josé",
          .hashed_user = "jos\xe9",
          .hashed_password = "\xf1"
                             "and\xfa"}},
        {"the password only",
         {.user = "josé",
          .hashed_password = "\xf1"
                             "and\xfa"}},
        {"no charset: all in ISO 8859-1",
         {.user = "jos\xe9",
          .password = "\xf1"
                      "and\xfa",
          .rest = ""}},
    }));
    CAPTURE(one.name);
    DigestClient client = one.client;
    client.realm = "";
    CHECK(log_in(users(), client.response(), {}) == "OK josé");
    client.hashed_password = "x";
    CHECK(log_in(users(), client.response(), {}) == "NO wrong_secret josé: password mismatch");
}

TEST_CASE("responses of DIGEST-MD5 at their limits") {
    const DigestClient client;
    const std::string whole = client.response();
    for (const char* name : {"username", "nonce", "nc", "cnonce", "digest-uri", "response"}) {
        CAPTURE(name);
        std::string without = whole;
        without.insert(without.find(std::string(name) + "="), "x-");
        CHECK_FALSE(parse_digest_response(without));
    }
    std::string many = whole;  // with nine directives
    for (std::size_t i = 9; i < limits::max_directives; ++i)
        many += ",x=y";
    CHECK(parse_digest_response(many));
    CHECK_FALSE(parse_digest_response(many + ",x=y"));
    CHECK_FALSE(parse_digest_response(whole + ",authzid=\"" +
                                      std::string(limits::max_name_bytes + 1, 'x') + "\""));
    CHECK_FALSE(parse_digest_response(whole + ",x=\"\0\""s));
    CHECK_FALSE(parse_digest_response(""));
    CHECK_FALSE(parse_digest_response(",,,"));
    const auto long_cnonce = [&](std::size_t bytes) {
        std::string text = whole;
        return text.replace(text.find("OA6MHXh6VqTrRk"), 14, std::string(bytes, 'x'));
    };
    CHECK(parse_digest_response(long_cnonce(limits::max_nonce_bytes)));
    CHECK_FALSE(parse_digest_response(long_cnonce(limits::max_nonce_bytes + 1)));
    DigestClient realm;
    realm.realm.assign(limits::max_realm_bytes, 'x');
    CHECK(parse_digest_response(realm.response()));
    realm.realm += 'x';
    CHECK_FALSE(parse_digest_response(realm.response()));
    std::string again = whole;
    again.replace(again.find("nc=00000001"), 11, "nc=00000002");
    CHECK(log_in(users(), again) == "NO bad_data: nonce used again");
    CHECK(log_in(users(), std::string(limits::max_short_message_bytes + 1, ',')) ==
          "NO bad_data: too long a message");
}
