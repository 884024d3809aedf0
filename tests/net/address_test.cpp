// SPDX-License-Identifier: MIT
#include "net/address.h"

#include <stdexcept>

TEST_CASE("networks hold what lies in them") {
    struct Case {
        std::string networks;
        std::string address;
        bool inside;
    };
    const Case cases[] = {
        {"", "127.0.0.1", false},
        {"127.0.0.0/8", "127.255.0.1", true},
        {"127.0.0.0/8", "128.0.0.1", false},
        {"10.0.0.0/9", "10.127.255.255", true},
        {"10.0.0.0/9", "10.128.0.0", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::/0", "::1", true},
        {"192.0.2.0/24, ::1 [2001:db8::9]", "2001:db8::9", true},
        {"192.0.2.0/24, ::1", "::1", true},
        {"192.0.2.0/24", "::ffff:192.0.2.5", true},
        {"127.0.0.0/8", "", false},
        {"127.0.0.0/8", "localhost", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.networks, c.address);
        CHECK(net::Networks(c.networks).contains(c.address) == c.inside);
    }
}

TEST_CASE("what is no network is named") {
    for (const char* list :
         {"localhost", "127.0.0.1/33", "10.0.0.0/-1", "::/129", "1.2.3", "10.0.0.0/x"}) {
        CAPTURE(list);
        CHECK_THROWS_WITH(net::Networks(list), Catch::Contains(list));
    }
}

TEST_CASE("socket addresses are numbers, never names") {
    CHECK(net::parse_socket_address("*", 24)->storage.ss_family == AF_INET);
    CHECK(net::parse_socket_address("::", 24)->storage.ss_family == AF_INET6);
    CHECK(net::parse_socket_address("[::1]", 24)->storage.ss_family == AF_INET6);
    CHECK_FALSE(net::parse_socket_address("localhost", 24));
    CHECK_FALSE(net::parse_socket_address("", 24));
}
