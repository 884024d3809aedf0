// SPDX-License-Identifier: MIT
// SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding (RFC 5802, RFC 7677).
#include "auth/sasl/limits.h"
#include "auth/secret/digest.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/scram_secret.h"
#include "mail/decode.h"
#include "tests/auth/sasl_exchange.h"

#include <catch2/catch.hpp>

namespace {

namespace limits = auth::sasl::limits;
using auth::derive_key;
using auth::digest;
using auth::Digest;
using auth::hmac;
using auth::read_base64;
using auth::sasl::Answer;
using auth::sasl::Challenge;
using auth::sasl::find_mechanism;
using auth::sasl::NoSecret;
using auth::sasl::Peer;
using auth::sasl::PlusOffered;
using auth::sasl::Secret;
using auth::sasl::SecretScheme;
using auth::sasl::Settings;

// Dovecot's {SCRAM-SHA-1} and {SCRAM-SHA-256}: "pencil" by doveadm pw.
constexpr const char* stored_1 =
    "4096,RgTUKmSwHtMiXHLcwP6Qgg==,GYQjc7CJgZQSuJNrzWlfNa0ZO28=,u5FRLWjIuGuNWxycK3dZWdXLhuQ=";
constexpr const char* stored_256 =
    "4096,m971RbzSro1UePnLiaI7jQ==,qC8aJ7V1DQNbZao8ZMpBERtbxIBnFgfDpOmk8niJUnE=,"
    "mS62iIHuZsZO1dPJdinuu/+u5oOU9HLJSw4lraI9qy8=";

std::string stored(Digest hash, std::string_view password, std::string_view salt) {
    return auth::write_scram(auth::make_scram(password, *read_base64(salt), 4096, hash));
}

SaslUsers users() {
    SaslUsers made;
    made.add("user", SecretScheme::scram_sha_1, stored_1);
    made.add("user", SecretScheme::scram_sha_256, stored_256);
    made.add("plain", SecretScheme::plain, "pencil");
    made.add("josé", SecretScheme::plain, "I\xc2\xadX");  // RFC 4013 §3: prepared, "IX"
    made.add("a,b=c", SecretScheme::plain, "pencil");
    made.add("cram", SecretScheme::cram_md5, std::string(32, 'x'));
    made.add("damaged", SecretScheme::scram_sha_1, "4096,AAAA,AAAA,AAAA");
    return made;
}

Settings settings_with(const std::string& nonce) {
    Settings made;
    made.nonce = [nonce](std::size_t) { return nonce; };
    return made;
}

std::string part(const std::string& message, char name) {
    const std::size_t at = ("," + message).find(std::string(",") + name + "=");
    REQUIRE(at != std::string::npos);
    return message.substr(at + 2, message.find(',', at) - at - 2);
}

// A client's second message for "+ r=…,s=…,i=…", in the words of RFC 5802 §3.
std::string final_message(Digest hash, std::string_view password, const std::string& bare,
                          const std::string& challenge, const std::string& binding_input,
                          const std::string& extensions = "") {
    const std::string server_first = challenge.substr(2);
    const auto iterations = static_cast<unsigned>(std::stoul(part(server_first, 'i')));
    const std::string salted =
        derive_key(hash, password, *read_base64(part(server_first, 's')), iterations);
    const std::string key = hmac(hash, salted, "Client Key");
    const std::string without_proof =
        "c=" + mail::encode_base64(binding_input) + ",r=" + part(server_first, 'r') + extensions;
    std::string proof =
        hmac(hash, digest(hash, {key}), bare + "," + server_first + "," + without_proof);
    for (std::size_t i = 0; i < proof.size(); ++i)
        proof[i] = static_cast<char>(proof[i] ^ key[i]);
    return without_proof + ",p=" + mail::encode_base64(proof);
}

struct Client {
    std::string name = "user";
    std::string password = "pencil";
    std::string header = "n,,";
    std::string binding_data;
    std::string extensions;
};

// The whole exchange; what the server says last.
std::string log_in(const char* mechanism, const SaslUsers& known, const Client& client,
                   const Peer& peer = {}) {
    const Digest hash =
        std::string_view(mechanism).starts_with("SCRAM-SHA-1") ? Digest::sha1 : Digest::sha256;
    SaslExchange exchange(mechanism, known, {}, peer);
    const std::string bare = "n=" + client.name + ",r=fyko";
    const std::string challenge = exchange.start(client.header + bare);
    if (!exchange.open()) return challenge;
    std::string said =
        exchange.say(final_message(hash, client.password, bare, challenge,
                                   client.header + client.binding_data, client.extensions));
    // The server's signature is looked at in the RFCs' examples.
    if (const std::size_t at = said.find(" data v="); at != std::string::npos)
        said.erase(at, said.find(' ', at + 6) - at);
    return said;
}

Peer tls() {
    Peer made;
    made.bindings = {{"tls-exporter", std::string(32, 'e')},
                     {"tls-server-end-point", std::string(64, 's')},
                     {"tls-unique", std::string(12, 'u')},
                     {"too-long", std::string(limits::max_binding_bytes + 1, 'x')},
                     {"empty", ""}};
    made.plus_offered = PlusOffered::yes;
    return made;
}

}  // namespace

TEST_CASE("RFC 5802 §5 and RFC 7677 §3: the examples") {
    SaslUsers known;
    known.add("user", SecretScheme::scram_sha_1,
              stored(Digest::sha1, "pencil", "QSXCR+Q6sek8bf92"));
    known.add("user", SecretScheme::scram_sha_256,
              stored(Digest::sha256, "pencil", "W22ZaJ0SNY7soEsUEjb6gQ=="));
    SaslExchange first("SCRAM-SHA-1", known, settings_with("3rfcNHYJY1ZVvWVs7j"));
    CHECK(first.start() == "+ ");
    CHECK(first.say("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL") ==
          "+ r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
    CHECK(first.say("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                    "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=") ==
          "OK user data v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");

    SaslExchange second("SCRAM-SHA-256", known, settings_with("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"));
    CHECK(second.start("n,,n=user,r=rOprNGfwEbeRWgbNEkqO") ==
          "+ r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    CHECK(second.say("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=") ==
          "OK user data v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST_CASE("log-ins by SCRAM") {
    struct Case {
        const char* name;
        const char* mechanism;
        Client client;
        const char* heard;
    };
    const auto one = GENERATE(values<Case>({
        {"a secret of Dovecot's", "SCRAM-SHA-1", {}, "OK user"},
        {"a secret of Dovecot's", "SCRAM-SHA-256", {}, "OK user"},
        {"a known password", "SCRAM-SHA-1", {.name = "plain"}, "OK plain"},
        {"a known password", "SCRAM-SHA-256", {.name = "plain"}, "OK plain"},
        {"a known password is prepared by SASLprep",
         "SCRAM-SHA-256",
         {.name = "jose\xcc\x81", .password = "IX"},
         "OK josé"},
        {"a name with comma and equals sign", "SCRAM-SHA-1", {.name = "a=2Cb=3Dc"}, "OK a,b=c"},
        {"another identity", "SCRAM-SHA-1", {.header = "n,a=fred,"}, "OK user as fred"},
        {"its own identity", "SCRAM-SHA-1", {.header = "n,a=user,"}, "OK user"},
        {"unknown extensions are ignored", "SCRAM-SHA-1", {.extensions = ",x=y,Z=ü"}, "OK user"},
        {"an extension without a value",
         "SCRAM-SHA-1",
         {.extensions = ",x="},
         "NO bad_data user: invalid input"},
        {"the client could bind; no -PLUS was offered",
         "SCRAM-SHA-1",
         {.header = "y,,"},
         "OK user"},
        {"a wrong password",
         "SCRAM-SHA-1",
         {.password = "pencils"},
         "NO wrong_secret user: password mismatch"},
        {"an unknown user, at the same step",
         "SCRAM-SHA-1",
         {.name = "bob"},
         "NO unknown_user bob: unknown user"},
        {"a user without a fitting secret, at the same step",
         "SCRAM-SHA-256",
         {.name = "cram"},
         "NO wrong_secret cram: no secret in a form that fits"},
        {"a damaged secret",
         "SCRAM-SHA-1",
         {.name = "damaged"},
         "NO temporary damaged: damaged stored secret"},
        {"another header in the second message",
         "SCRAM-SHA-1",
         {.binding_data = "x"},
         "NO bad_data user: channel bindings don't match"},
    }));
    CAPTURE(one.name, one.mechanism);
    const SaslUsers known = users();
    CHECK(log_in(one.mechanism, known, one.client) == one.heard);
}

TEST_CASE("channel binding") {
    struct Case {
        const char* name;
        const char* mechanism;
        Client client;
        const char* heard;
    };
    const std::string e(32, 'e'), s(64, 's'), u(12, 'u');
    const auto one = GENERATE_COPY(values<Case>({
        {"RFC 9266",
         "SCRAM-SHA-256-PLUS",
         {.header = "p=tls-exporter,,", .binding_data = e},
         "OK user bound tls-exporter"},
        {"RFC 5929 §4",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-server-end-point,a=fred,", .binding_data = s},
         "OK user as fred bound tls-server-end-point"},
        {"RFC 5929 §3",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-unique,,", .binding_data = u},
         "OK user bound tls-unique"},
        {"somebody else's channel",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-unique,,", .binding_data = std::string(12, 'v')},
         "NO bad_data user: channel bindings don't match"},
        {"data of another type",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-unique,,", .binding_data = e},
         "NO bad_data user: channel bindings don't match"},
        {"no data",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-unique,,"},
         "NO bad_data user: channel bindings don't match"},
        {"an unknown type",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=tls-foo,,"},
         "NO bad_data: unsupported channel binding type"},
        {"a type that the connection has not",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=empty,,"},
         "NO bad_data: unsupported channel binding type"},
        {"data beyond the limit",
         "SCRAM-SHA-1-PLUS",
         {.header = "p=too-long,,"},
         "NO bad_data: unsupported channel binding type"},
        {"§6: -PLUS without binding",
         "SCRAM-SHA-1-PLUS",
         {.header = "n,,"},
         "NO bad_data: no channel binding under a name with -PLUS"},
        {"§6: binding without -PLUS",
         "SCRAM-SHA-1",
         {.header = "p=tls-unique,,", .binding_data = u},
         "NO bad_data: channel binding under a name without -PLUS"},
        {"§6: somebody took -PLUS off the list",
         "SCRAM-SHA-1",
         {.header = "y,,"},
         "NO bad_data: the client was not told of channel binding"},
        {"§6: a client that cannot bind", "SCRAM-SHA-1", {.header = "n,,"}, "OK user"},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    CHECK(log_in(one.mechanism, known, one.client, tls()) == one.heard);
}

TEST_CASE("first messages that break the grammar") {
    const std::string nonce(limits::max_nonce_bytes, 'x');
    const auto message = GENERATE_COPY(values<std::string>({",",
                                                            ",,",
                                                            "n",
                                                            "n,",
                                                            "n,,",
                                                            "n,,n=user",
                                                            "n,,n=user,",
                                                            "n,,r=abc,n=user",
                                                            "n,,n=,r=abc",
                                                            "n,,n=user,r=",
                                                            "n,,n=us=er,r=abc",
                                                            "n,,n=us=2c,r=abc",
                                                            "n,,n=us=2,r=abc",
                                                            "n,,m=x,n=user,r=abc",
                                                            "n,,n=user,r=a c",
                                                            "n,,n=user,r=\xc3\xa9",
                                                            "n,,n=user,r=abc,",
                                                            "n,,n=user,r=abc,x",
                                                            "n,,n=user,r=abc,1=x",
                                                            "x,,n=user,r=abc",
                                                            "p=,,n=user,r=abc",
                                                            "p=tls unique,,n=user,r=abc",
                                                            "n,b=x,n=user,r=abc",
                                                            "n,a=,n=user,r=abc",
                                                            "F,n,,n=user,r=abc",
                                                            "n,,n=us\xff,r=abc",
                                                            std::string("n,,n=us\0r,r=abc", 15),
                                                            "n,,n=us\ner,r=abc",
                                                            "n,,n=user,r=x" + nonce}));
    CAPTURE(message);
    const SaslUsers known = users();
    SaslExchange exchange("SCRAM-SHA-1", known);
    CHECK(exchange.start(message) == "NO bad_data: invalid input");
    CHECK(exchange.needs().empty());
}

TEST_CASE("the longest nonce, and second messages that break the grammar") {
    const SaslUsers known = users();
    const std::string nonce(limits::max_nonce_bytes, 'x');
    const std::string proof = ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
    const std::string r = ",r=" + nonce + "S";
    const std::pair<std::string, const char*> messages[] = {
        {"", "invalid input"},
        {"c=biws" + r, "invalid input"},
        {"c=biws" + r + ",p=", "invalid input"},
        {"c=biws" + r + ",p=v0X8", "password mismatch"},
        {"c=biws" + r + ",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts", "invalid input"},
        {"c=biws" + r + proof + ",x=y", "invalid input"},
        {"c=biw" + r + proof, "invalid input"},
        {"c=biwt" + r + proof, "channel bindings don't match"},
        {"c=eSws" + r + proof, "channel bindings don't match"},
        {"c=" + r + proof, "invalid input"},
        {r.substr(1) + ",c=biws" + proof, "invalid input"},
        {"c=biws,r=" + nonce + proof, "not the nonce of this exchange"},
        {"c=biws" + r + "x" + proof, "not the nonce of this exchange"},
        {"c=biws,m=x" + r + proof, "invalid input"},
        {"c=biws" + r + proof, "password mismatch"},
        {std::string(limits::max_short_message_bytes + 1, ','), "too long a message"},
    };
    for (const auto& [message, reason] : messages) {
        CAPTURE(message);
        SaslExchange exchange("SCRAM-SHA-1", known, settings_with("S"));
        REQUIRE(exchange.start("n,,n=user,r=" + nonce).starts_with("+ r=" + nonce + "S,s="));
        CHECK(exchange.say(message).ends_with(std::string(": ") + reason));
    }
}

TEST_CASE("an unknown user's salt looks like a real one and stays the same") {
    const SaslUsers known = users();
    Settings settings;
    settings.salt_key = std::string(32, 'k');
    settings.scram_iterations = 10000;
    const auto challenge = [&](const char* mechanism, const std::string& name) {
        SaslExchange exchange(mechanism, known, settings);
        const std::string text = exchange.start("n,,n=" + name + ",r=abc");
        return text.substr(text.find(",s="));
    };
    const std::string bob = challenge("SCRAM-SHA-1", "bob");
    CHECK(bob == challenge("SCRAM-SHA-1", "bob"));
    CHECK(bob.size() == challenge("SCRAM-SHA-1", "user").size() + 1);  // 10000, not 4096
    CHECK(bob != challenge("SCRAM-SHA-256", "bob"));
    CHECK(bob != challenge("SCRAM-SHA-1", "ann"));
    CHECK(challenge("SCRAM-SHA-1", "plain") == challenge("SCRAM-SHA-1", "plain"));
    CHECK(bob.ends_with(",i=10000"));
    settings.salt_key[0] = 'j';
    CHECK(bob != challenge("SCRAM-SHA-1", "bob"));
    settings.scram_iterations = 1;
    CHECK(challenge("SCRAM-SHA-1", "bob").ends_with(",i=4096"));
    settings.scram_iterations = 4'000'000'000;
    CHECK(challenge("SCRAM-SHA-1", "bob").ends_with(",i=1000000"));
}

TEST_CASE("the salt follows the name that was looked up, whatever its spelling") {
    const auto* info = find_mechanism("SCRAM-SHA-1");
    const auto challenge = [&](const std::string& name, const Answer& answer) {
        auto scram = info->make(*info, std::make_shared<Settings>(settings_with("S")), {});
        scram->start("n,,n=" + name + ",r=a");
        return std::get<Challenge>(scram->answer(answer)).data;
    };
    const NoSecret none{NoSecret::Why::unknown_user, "bob@example.com"};
    const Secret secret{SecretScheme::plain, "x", "bob@example.com"};
    CHECK(challenge("bob", none) == challenge("BOB", none));
    CHECK(challenge("bob", none) == challenge("BOB", secret));
    CHECK(challenge("bob", none) != challenge("bob", NoSecret{}));
}

TEST_CASE("stored keys within their limits") {
    const std::string twenty = mail::encode_base64(std::string(20, 'k'));
    const auto text = [&](const std::string& start, const std::string& end) {
        return start + "," + twenty + "," + end;
    };
    const auto heard = [](SecretScheme scheme, const std::string& secret) {
        SaslUsers known;
        known.add("user", scheme, secret);
        SaslExchange exchange(scheme == SecretScheme::scram_sha_1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256",
                              known, settings_with("S"));
        return exchange.start("n,,n=user,r=abc");
    };
    const std::string damaged = "NO temporary user: damaged stored secret";
    const std::string longest = mail::encode_base64(std::string(limits::max_salt_bytes, 's'));
    for (const std::string& right :
         {text("1,AAAA", twenty), text("10000000,AAAA", twenty), text("4096," + longest, twenty)}) {
        CAPTURE(right);
        CHECK(heard(SecretScheme::scram_sha_1, right).starts_with("+ r=abcS,s="));
    }
    for (const std::string& wrong :
         {text("0,AAAA", twenty), text("10000001,AAAA", twenty), text("99999999999,AAAA", twenty),
          text("-1,AAAA", twenty), text("4096,", twenty), text("4096,AAA", twenty),
          text("4096,AAAA", "AAAA"), text("4096,AAAA", twenty + ","), std::string(),
          text("4096," + mail::encode_base64(std::string(limits::max_salt_bytes + 1, 's')),
               twenty)}) {
        CAPTURE(wrong);
        CHECK(heard(SecretScheme::scram_sha_1, wrong) == damaged);
    }
    CHECK(heard(SecretScheme::scram_sha_256, text("4096,AAAA", twenty)) == damaged);
}
