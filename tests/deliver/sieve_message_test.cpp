// SPDX-License-Identifier: MIT
#include "deliver/sieve_message.h"

#include <catch2/catch.hpp>

namespace {

// "local@domain" of each address of the field To; "!text" for what is no address.
std::vector<std::string> addresses_to(std::string_view value) {
    const std::string text = "To: " + std::string(value) + "\n\nbody\n";
    const mail::Message message(text);
    const deliver::SieveMessage seen(message);
    std::vector<std::string> shown;
    for (const sieve::Address& address : seen.addresses("to").at(0))
        shown.push_back((address.valid ? "" : "!") + address.text);
    return shown;
}

}  // namespace

TEST_CASE("a field's addresses are those that can be understood, else its whole value") {
    using List = std::vector<std::string>;
    const auto [value, expected] = GENERATE(table<std::string, List>({
        {"a@b.org", {"a@b.org"}},
        {"x y, a@b.org, c d", {"a@b.org"}},
        {"a@b.org, c d e, f@g.org", {"a@b.org", "f@g.org"}},
        {"x y, z w", {"!x y, z w"}},
        {"friends:;", {}},
    }));
    CAPTURE(value);
    CHECK(addresses_to(value) == expected);
}

TEST_CASE("a field of many broken addresses costs one copy of it") {
    std::string value;
    while (value.size() < 300'000)
        value += "x y,";
    CHECK(addresses_to(value).size() == 1);
    std::string routes;
    while (routes.size() < 300'000)
        routes += "<@a,";
    CHECK(addresses_to(routes).size() == 1);
}
