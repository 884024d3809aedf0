// SPDX-License-Identifier: MIT
// One SASL exchange over standard input and output, for tests with clients that we did not write:
//
//   sasl-probe MECHANISM [--KEY VALUE...]...
//   sasl-probe table
//
// Keys: user NAME SCHEME DATA (plain, cram-md5, digest-md5, scram-sha-1, scram-sha-256; the MD5
// ones in hexadecimal), token TOKEN USER, binding TYPE BASE64, certificate USER, service NAME,
// realm NAME. Each line of input is a response in base64; the first is the initial response, or
// "-" where there is none. Prints "+ BASE64" for a challenge, and at the end "OK USER OTHER BASE64
// TYPE" (identity, authorization identity, last data, channel binding; "-" where there is none) or
// "NO KIND REASON". "table" prints the lines "MECH..." of the auth protocol.
#include "auth/secret/encoded_text.h"
#include "mail/decode.h"
#include "tests/auth/sasl_exchange.h"

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

using auth::sasl::SecretScheme;

struct Arguments {
    SaslUsers users;
    auth::sasl::Settings settings;
    auth::sasl::Peer peer;
};

constexpr std::pair<std::string_view, SecretScheme> schemes[] = {
    {"plain", SecretScheme::plain},
    {"cram-md5", SecretScheme::cram_md5},
    {"digest-md5", SecretScheme::digest_md5},
    {"scram-sha-1", SecretScheme::scram_sha_1},
    {"scram-sha-256", SecretScheme::scram_sha_256},
};

void add_user(SaslUsers& users, const std::string& name, std::string_view scheme,
              const std::string& data) {
    for (const auto& [word, known] : schemes) {
        if (word != scheme) continue;
        const bool hex = known == SecretScheme::cram_md5 || known == SecretScheme::digest_md5;
        users.add(name, known, hex ? auth::read_hex(data).value() : data);
        return;
    }
    throw std::invalid_argument("no such scheme");
}

Arguments read_arguments(const std::vector<std::string>& words) {
    Arguments made;
    made.settings.host = "mx.test";
    std::size_t at = 1;
    const auto next = [&]() -> const std::string& { return words.at(at++); };
    while (at < words.size()) {
        const std::string& key = next();
        if (key == "--user") {
            const std::string& name = next();
            const std::string& scheme = next();
            add_user(made.users, name, scheme, next());
        } else if (key == "--token") {
            const std::string& token = next();
            made.users.tokens[token] = next();
        } else if (key == "--binding") {
            const std::string& type = next();
            made.peer.bindings.push_back({type, auth::read_base64(next()).value()});
            made.peer.plus_offered = auth::sasl::PlusOffered::yes;
        } else if (key == "--certificate") {
            made.peer.certificate_user = next();
        } else if (key == "--service") {
            made.peer.service = next();
        } else if (key == "--realm") {
            made.settings.realms.push_back(next());
        } else {
            throw std::invalid_argument("unknown key " + key);
        }
    }
    return made;
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

void print(const auth::sasl::Step& step) {
    if (const auto* challenge = std::get_if<auth::sasl::Challenge>(&step)) {
        std::cout << "+ " << mail::encode_base64(challenge->data) << std::endl;
    } else if (const auto* success = std::get_if<auth::sasl::Success>(&step)) {
        std::cout << "OK " << success->identity.user << ' ' << or_dash(success->identity.act_as)
                  << ' ' << (success->data ? mail::encode_base64(*success->data) : "-") << ' '
                  << or_dash(success->channel_binding) << std::endl;
    } else if (const auto* failure = std::get_if<auth::sasl::Failure>(&step)) {
        constexpr const char* kinds[] = {"bad_data", "wrong_secret", "unknown_user", "temporary"};
        std::cout << "NO " << kinds[static_cast<int>(failure->kind)] << ' ' << failure->reason
                  << std::endl;
    }
}

int talk(const std::vector<std::string>& words) {
    const Arguments arguments = read_arguments(words);
    SaslExchange exchange(words.at(0), arguments.users, arguments.settings, arguments.peer);
    bool first = true;
    std::string line;
    while ((first || exchange.open()) && std::getline(std::cin, line)) {
        if (first && line == "-") {
            exchange.start();
        } else {
            const std::string response = auth::read_base64(line).value();
            first ? exchange.start(response) : exchange.say(response);
        }
        first = false;
        print(exchange.last());
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 1 && words[0] == "table") {
        for (const auto& info : auth::sasl::mechanisms())
            std::cout << "MECH\t" << info.name << auth::sasl::property_words(info) << '\n';
        return 0;
    }
    return talk(words);
} catch (const std::exception& error) {
    std::fprintf(stderr, "sasl-probe: %s\n", error.what());
    return 64;
}
