// SPDX-License-Identifier: MIT
// PLAIN, LOGIN, EXTERNAL and ANONYMOUS, and what holds for every mechanism.
#include "auth/sasl/limits.h"
#include "tests/auth/sasl_exchange.h"

#include <catch2/catch.hpp>

using namespace std::string_literals;

namespace {

using auth::sasl::SecretScheme;
namespace limits = auth::sasl::limits;

SaslUsers users() {
    SaslUsers made;
    made.add("tim", SecretScheme::plain, "tanstaaftanstaaf");
    made.add("Kurt", SecretScheme::plain, "xipj3plmq");
    made.add("josé", SecretScheme::plain, "ñandú");  // é and ñ as one character each
    made.add("empty", SecretScheme::plain, "");
    return made;
}

// What the server says at each of the client's texts; the first is the initial response, or none
// where it is "-".
struct Case {
    const char* name;
    const char* mechanism;
    std::vector<std::string> said;
    std::vector<std::string> heard;
};

std::vector<std::string> hear(SaslExchange& exchange, const std::vector<std::string>& said) {
    std::vector<std::string> heard;
    for (const std::string& text : said) {
        if (!heard.empty() && !exchange.open()) break;
        if (heard.empty()) {
            heard.push_back(text == "-" ? exchange.start() : exchange.start(text));
        } else {
            heard.push_back(exchange.say(text));
        }
    }
    return heard;
}

const std::string long_name(limits::max_name_bytes, 'n');
const std::string long_password(limits::max_password_bytes, 'p');

}  // namespace

TEST_CASE("exchanges of PLAIN, LOGIN and ANONYMOUS") {
    const auto one = GENERATE(values<Case>({
        {"RFC 4616 §4, first example",
         "PLAIN",
         {"-", "\0tim\0tanstaaftanstaaf"s},
         {"+ ", "OK tim"}},
        {"RFC 4616 §4, second example", "PLAIN", {"Ursel\0Kurt\0xipj3plmq"s}, {"OK Kurt as Ursel"}},
        {"RFC 4616 §2: naming oneself is no other identity",
         "PLAIN",
         {"tim\0tim\0tanstaaftanstaaf"s},
         {"OK tim"}},
        {"a wrong password", "PLAIN", {"\0tim\0x"s}, {"NO wrong_secret tim: password mismatch"}},
        {"an unknown user", "PLAIN", {"\0bob\0x"s}, {"NO unknown_user bob: unknown user"}},
        {"RFC 4616 §2: the name is prepared, e with a combining accent is é",
         "PLAIN",
         {"\0jose\xcc\x81\0ñandú"s},
         {"OK josé"}},
        {"but not the password: stored hashes are over the bytes as sent",
         "PLAIN",
         {"\0josé\0n\xcc\x83"s + "andú"},
         {"NO wrong_secret josé: password mismatch"}},
        {"a soft hyphen is mapped to nothing (RFC 4013 §2.1)",
         "PLAIN",
         {"\0t\xc2\xadim\0tanstaaftanstaaf"s},
         {"OK tim"}},
        {"an empty password is the caller's to refuse", "PLAIN", {"\0empty\0"s}, {"OK empty"}},
        {"an empty name", "PLAIN", {"\0\0x"s}, {"NO bad_data: empty username"}},
        {"a name of nothing but a soft hyphen",
         "PLAIN",
         {"\0\xc2\xad\0x"s},
         {"NO bad_data: invalid input"}},
        {"a control character in the name",
         "PLAIN",
         {"\0t\nim\0x"s},
         {"NO bad_data: invalid input"}},
        {"Latin-1 in the name", "PLAIN", {"\0jos\xe9\0x"s}, {"NO bad_data: invalid input"}},
        {"private use in the authorization identity",
         "PLAIN",
         {"\xee\x80\x80\0tim\0x"s},
         {"NO bad_data: invalid input"}},
        {"no NUL", "PLAIN", {"tim"}, {"NO bad_data: invalid input"}},
        {"one NUL", "PLAIN", {"tim\0x"s}, {"NO bad_data: invalid input"}},
        {"three NULs", "PLAIN", {"\0tim\0tanstaaftanstaaf\0"s}, {"NO bad_data: invalid input"}},
        {"an empty message is none yet", "PLAIN", {"", ""}, {"+ ", "NO bad_data: invalid input"}},
        {"the longest name",
         "PLAIN",
         {"\0"s + long_name + "\0x"s},
         {"NO unknown_user " + long_name + ": unknown user"}},
        {"one byte more", "PLAIN", {"\0n"s + long_name + "\0x"s}, {"NO bad_data: invalid input"}},
        {"the longest password",
         "PLAIN",
         {"\0tim\0"s + long_password},
         {"NO wrong_secret tim: password mismatch"}},
        {"one byte more", "PLAIN", {"\0tim\0p"s + long_password}, {"NO bad_data: invalid input"}},
        {"the longest message and one byte",
         "PLAIN",
         {std::string(limits::max_short_message_bytes + 1, '\0')},
         {"NO bad_data: too long a message"}},

        {"LOGIN",
         "LOGIN",
         {"-", "tim", "tanstaaftanstaaf"},
         {"+ Username:", "+ Password:", "OK tim"}},
        {"LOGIN with the name as initial response",
         "LOGIN",
         {"tim", "tanstaaftanstaaf"},
         {"+ Password:", "OK tim"}},
        {"LOGIN, wrong password",
         "LOGIN",
         {"tim", "x"},
         {"+ Password:", "NO wrong_secret tim: password mismatch"}},
        {"LOGIN, unknown user: asked for a password as well",
         "LOGIN",
         {"bob", "x"},
         {"+ Password:", "NO unknown_user bob: unknown user"}},
        {"LOGIN, empty name", "LOGIN", {"-", ""}, {"+ Username:", "NO bad_data: empty username"}},
        {"LOGIN, NUL in the name", "LOGIN", {"ti\0m"s}, {"NO bad_data: invalid input"}},
        {"LOGIN, NUL in the password",
         "LOGIN",
         {"tim", "tanstaaf\0"s},
         {"+ Password:", "NO bad_data: invalid input"}},

        {"RFC 4505 §4", "ANONYMOUS", {"sirhc"}, {"OK anonymous trace sirhc"}},
        {"RFC 4505 §4, without initial response",
         "ANONYMOUS",
         {"-", "sirhc"},
         {"+ ", "OK anonymous trace sirhc"}},
        {"no trace", "ANONYMOUS", {""}, {"OK anonymous"}},
        {"255 characters",
         "ANONYMOUS",
         {std::string(255, 'x')},
         {"OK anonymous trace " + std::string(255, 'x')}},
        {"256 characters", "ANONYMOUS", {std::string(256, 'x')}, {"NO bad_data: invalid input"}},
        {"a trace that would break a log line",
         "ANONYMOUS",
         {"a\nb"},
         {"NO bad_data: invalid input"}},
        {"no UTF-8", "ANONYMOUS", {"\xff"}, {"NO bad_data: invalid input"}},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    SaslExchange exchange(one.mechanism, known);
    CHECK(hear(exchange, one.said) == one.heard);
}

TEST_CASE("EXTERNAL takes the user of the client's certificate") {
    const auto one = GENERATE(values<Case>({
        {"RFC 4422 Appendix A.4", "tim", {""}, {"OK tim"}},
        {"without initial response", "tim", {"-", ""}, {"+ ", "OK tim"}},
        {"RFC 4422 Appendix A.4, another identity",
         "tim",
         {"fred@example.com"},
         {"OK tim as fred@example.com"}},
        {"its own name", "tim", {"tim"}, {"OK tim"}},
        {"no certificate", "", {"tim"}, {"NO bad_data: no user by client certificate"}},
        {"a user that is not there", "bob", {""}, {"NO unknown_user bob: unknown user"}},
        {"NUL (RFC 4422 Appendix A.3)", "tim", {"a\0b"s}, {"NO bad_data tim: invalid input"}},
    }));
    CAPTURE(one.name);
    const SaslUsers known = users();
    auth::sasl::Peer peer;
    peer.certificate_user = one.mechanism;
    SaslExchange exchange("EXTERNAL", known, {}, peer);
    CHECK(hear(exchange, one.said) == one.heard);
}

TEST_CASE("a failed look-up is a temporary failure in every mechanism") {
    SaslUsers broken = users();
    broken.broken = true;
    auth::sasl::Peer peer;
    peer.certificate_user = "tim";
    peer.apop_prefix = "<1.";
    const std::pair<const char*, std::string> messages[] = {
        {"PLAIN", "\0tim\0x"s},
        {"EXTERNAL", ""},
        {"SCRAM-SHA-1", "n,,n=tim,r=abc"},
        {"APOP", "<1.2@h>\0tim\0"s + "0123456789abcdef"},
        {"OAUTHBEARER", "n,a=tim,\1auth=Bearer abc\1\1"},
        {"XOAUTH2", "user=tim\1auth=Bearer abc\1\1"},
    };
    for (const auto& [mechanism, message] : messages) {
        CAPTURE(mechanism);
        SaslExchange exchange(mechanism, broken, {}, peer);
        CHECK(exchange.start(message) == "NO temporary tim: the look-up failed");
    }
    SaslExchange cram("CRAM-MD5", broken);
    cram.start();
    CHECK(cram.say("tim 0123456789abcdef0123456789abcdef") ==
          "NO temporary tim: the look-up failed");
}

TEST_CASE("calls that do not fit the last step are errors of the caller") {
    const auto* info = auth::sasl::find_mechanism("plain");
    REQUIRE(info);
    auto plain = info->make(*info, std::make_shared<auth::sasl::Settings>(), {});
    CHECK_THROWS_AS(plain->respond("x"), std::logic_error);
    CHECK_THROWS_AS(plain->answer(auth::sasl::Verdict::right), std::logic_error);
    plain->start("\0tim\0x"s);
    CHECK_THROWS_AS(plain->start(std::nullopt), std::logic_error);
    CHECK_THROWS_AS(plain->respond("x"), std::logic_error);
    CHECK_THROWS_AS(plain->answer(auth::sasl::Secret{}), std::logic_error);
    plain->answer(auth::sasl::Verdict::right);
    CHECK_THROWS_AS(plain->answer(auth::sasl::Verdict::right), std::logic_error);
}

TEST_CASE("the table has the words of Dovecot's MECH lines") {
    // From Debian's Dovecot 2.3.19.1, which has neither -PLUS.
    const std::pair<const char*, const char*> lines[] = {
        {"PLAIN", "\tplaintext"},
        {"LOGIN", "\tplaintext"},
        {"DIGEST-MD5", "\tdictionary\tactive\tmutual-auth"},
        {"CRAM-MD5", "\tdictionary\tactive"},
        {"APOP", "\tprivate\tdictionary\tactive"},
        {"ANONYMOUS", "\tanonymous"},
        {"SCRAM-SHA-1", "\tmutual-auth"},
        {"SCRAM-SHA-256", "\tmutual-auth"},
        {"EXTERNAL", ""},
        {"XOAUTH2", "\tplaintext"},
        {"OAUTHBEARER", "\tplaintext"},
    };
    for (const auto& [name, words] : lines) {
        CAPTURE(name);
        const auto* info = auth::sasl::find_mechanism(name);
        REQUIRE(info);
        CHECK(auth::sasl::property_words(*info) == words);
    }
    CHECK(auth::sasl::property_words(*auth::sasl::find_mechanism("scram-sha-256-plus")) ==
          "\tmutual-auth\tchannel-binding");
    CHECK_FALSE(auth::sasl::find_mechanism("GSSAPI"));
    CHECK_FALSE(auth::sasl::find_mechanism(""));
    std::string order;
    for (const auto& info : auth::sasl::mechanisms())
        order.append(info.name).append(" ");
    CHECK(order ==
          "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS EXTERNAL SCRAM-SHA-256 SCRAM-SHA-1 OAUTHBEARER "
          "XOAUTH2 DIGEST-MD5 CRAM-MD5 APOP PLAIN LOGIN ANONYMOUS ");
}
