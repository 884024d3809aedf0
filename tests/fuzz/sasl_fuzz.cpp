// SPDX-License-Identifier: MIT
// Clients of every SASL mechanism in every state: the input, cut at "\n--\n", is what the client
// says after each challenge, from a beginning that leads into the exchange. Nobody gets in without
// the secret, names that get out are UTF-8 without control characters, and every exchange ends.
#include "auth/sasl/limits.h"
#include "mail/decode.h"
#include "tests/auth/sasl_exchange.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

namespace {

using namespace std::string_literals;
using auth::sasl::SecretScheme;

// What is said before the input: "-" is no initial response; "" leaves the input to be it.
struct Beginning {
    const char* mechanism;
    std::vector<std::string> said;
};

const std::vector<Beginning>& beginnings() {
    static const std::vector<Beginning> all = [] {
        std::vector<Beginning> made;
        for (const auto& info : auth::sasl::mechanisms()) {
            made.push_back({info.name.data(), {}});  // a literal
            made.push_back({info.name.data(), {"-"}});
        }
        made.push_back({"LOGIN", {"tim"}});
        made.push_back({"SCRAM-SHA-1", {"n,,n=tim,r=abc"}});
        made.push_back({"SCRAM-SHA-1", {"n,,n=bob,r=abc"}});
        made.push_back({"SCRAM-SHA-256-PLUS", {"p=tls-unique,,n=tim,r=abc"}});
        made.push_back({"OAUTHBEARER", {"n,a=tim,\1auth=Bearer x\1\1"}});
        return made;
    }();
    return all;
}

void require(bool holds) {
    if (!holds) std::abort();
}

void check_name(const std::string& name) {
    require(name.size() <= auth::sasl::limits::max_name_bytes && mail::is_utf8(name));
    for (const char c : name)
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_end(std::string_view mechanism, const auth::sasl::Step& step) {
    if (const auto* success = std::get_if<auth::sasl::Success>(&step)) {
        require(mechanism == "EXTERNAL" || mechanism == "ANONYMOUS");
        check_name(success->identity.user);
        check_name(success->identity.act_as);
        require(success->trace.find('\n') == std::string::npos);
    } else if (const auto* failure = std::get_if<auth::sasl::Failure>(&step)) {
        check_name(failure->user);
        require(!failure->reason.empty());
        // Secrets of the site are sound, and every look-up answers.
        require(failure->kind != auth::sasl::FailureKind::temporary);
    }
}

// The users' secrets are random, and the password has a NUL besides, which none that is sent has:
// libFuzzer learns the texts that inputs are compared with.
const SaslUsers& users() {
    static const SaslUsers made = [] {
        SaslUsers known;
        known.add("tim", SecretScheme::plain, auth::sasl::random_nonce(18) + '\0');
        const std::string key = mail::encode_base64(auth::sasl::random_nonce(15));
        known.add("tim", SecretScheme::scram_sha_1, "4096,AAAA," + key + "," + key);
        known.add("tim@r", SecretScheme::digest_md5, auth::sasl::random_nonce(12));
        known.add("ann", SecretScheme::cram_md5, auth::sasl::random_nonce(24));
        return known;
    }();
    return made;
}

void talk(const Beginning& beginning, std::string_view input) {
    auth::sasl::Settings settings;
    settings.nonce = [](std::size_t) { return "NONCE"s; };  // so that inputs can repeat it
    auth::sasl::Peer peer;
    peer.certificate_user = "tim";
    peer.apop_prefix = "<1.";
    peer.bindings = {{"tls-unique", "data"}};
    SaslExchange exchange(beginning.mechanism, users(), settings, peer);
    bool begun = false;
    const auto say = [&](std::string_view text) {
        if (begun) {
            exchange.say(text);
        } else {
            text == "-" ? exchange.start() : exchange.start(text);
        }
        begun = true;
        check_end(beginning.mechanism, exchange.last());
        return exchange.open();
    };
    for (const std::string& text : beginning.said)
        require(say(text));
    for (int steps = 0;; ++steps) {
        require(steps < 5);
        const std::size_t cut = input.find("\n--\n");
        if (!say(input.substr(0, cut))) break;
        input = cut == std::string_view::npos ? std::string_view() : input.substr(cut + 4);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const Beginning& beginning : beginnings())
        talk(beginning, input);
    return 0;
}
