// SPDX-License-Identifier: MIT
#include "config/configuration.h"
#include "config/document.h"
#include "config/parser.h"

#include <catch2/catch.hpp>

namespace {

std::string plugins(const std::string& text, const config::Filter& filter) {
    auto outcome = config::parse_text(text, "x.conf");
    for (const config::Problem& problem : outcome.problems)
        FAIL(problem.text);
    return config::evaluate(outcome.document, filter, {}).mail_plugins;
}

}  // namespace

TEST_CASE("the more specific filter wins, wherever it stands") {
    const std::string text =
        "local_name *.example.com {\n mail_plugins = name\n}\n"
        "local 10.1.0.0/16 {\n mail_plugins = local16\n}\n"
        "local 10.0.0.0/8 {\n mail_plugins = local8\n}\n"
        "remote 10.0.0.0/8 {\n mail_plugins = remote\n protocol lda {\n mail_plugins = "
        "remote-lda\n }\n}\n"
        "protocol lda {\n mail_plugins = lda\n}\nmail_plugins = global\n";
    CHECK(plugins(text, {}) == "global");
    CHECK(plugins(text, {.protocol = "lda"}) == "lda");
    CHECK(plugins(text, {.protocol = "lda", .remote_ip = "10.9.9.9"}) == "remote-lda");
    CHECK(plugins(text, {.protocol = "imap", .remote_ip = "10.9.9.9"}) == "remote");
    CHECK(plugins(text, {.protocol = "lda", .local_ip = "10.9.9.9", .remote_ip = "10.9.9.9"}) ==
          "local8");
    CHECK(plugins(text, {.local_ip = "10.1.9.9"}) == "local16");
    CHECK(plugins(text, {.local_ip = "10.1.9.9", .local_name = "MX.example.com"}) == "name");
    CHECK(plugins(text, {.local_name = "a.b.example.com"}) == "global");
}

TEST_CASE("a negated protocol holds for all others, and of equals the first counts") {
    const std::string text =
        "protocol !lda {\n mail_plugins = other\n}\nprotocol lmtp {\n mail_plugins = lmtp\n}\n";
    CHECK(plugins(text, {.protocol = "lda"}).empty());
    CHECK(plugins(text, {.protocol = "imap"}) == "other");
    CHECK(plugins(text, {.protocol = "lmtp"}) == "other");  // [obs]
    CHECK(plugins(text, {}).empty());
}

TEST_CASE("a $name in a filter takes the filter's value, else the one around it") {
    const std::string text =
        "mail_plugins = a\nprotocol lda {\n mail_plugins = $mail_plugins b\n mail_plugins = "
        "$mail_plugins c\n}\nmail_plugins = d\n";
    CHECK(plugins(text, {.protocol = "lda"}) == "a b c");
    CHECK(plugins(text, {}) == "d");
}

TEST_CASE("addresses and nets are compared bit by bit") {
    CHECK(config::net_inside("10.2.0.0/16", "10.0.0.0/8"));
    CHECK(!config::net_inside("11.2.0.0/16", "10.0.0.0/8"));
    CHECK(!config::net_inside("10.0.0.0/7", "10.0.0.0/8"));
    CHECK(config::net_inside("::1", "::/0"));
    CHECK(!config::net_inside("::1", "0.0.0.0/0"));
    CHECK(config::address_in_nets("192.0.2.1", "10.0.0.0/8, 192.0.2.0/24"));
    CHECK(!config::address_in_nets("192.0.3.1", "10.0.0.0/8 192.0.2.0/24"));
    CHECK(config::normal_net("10.0.0.0/99").error() == "Invalid network mask: 99");
    CHECK(*config::normal_net("10.0.0.0/8") == "10.0.0.0/8");
}
