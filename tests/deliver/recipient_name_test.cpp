// SPDX-License-Identifier: MIT
#include "deliver/recipient_name.h"

#include <catch2/catch.hpp>

using deliver::Disposition;
using deliver::NameRules;

TEST_CASE("the detail begins after the leftmost delimiter") {
    struct Case {
        std::string local, delimiters, name, detail;
    };
    const auto c = GENERATE(values<Case>({{"jdoe", "+", "jdoe", ""},
                                          {"jdoe+shop", "+", "jdoe", "shop"},
                                          {"jdoe+", "+", "jdoe", ""},
                                          {"jdoe+a+b", "+", "jdoe", "a+b"},
                                          {"jdoe-a+b", "+-", "jdoe", "a+b"},
                                          {"jdoe+a", "", "jdoe+a", ""},
                                          {"+shop", "+", "+shop", ""}}));
    CAPTURE(c.local, c.delimiters);
    const deliver::SplitName split = deliver::split_detail(c.local, c.delimiters);
    CHECK(split.name == c.name);
    CHECK(split.detail == c.detail);
}

namespace {

NameRules usual() {
    NameRules rules;
    rules.allowed_characters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@";
    rules.format = "%Lu";
    return rules;
}

}  // namespace

TEST_CASE("names are normalised by auth_username_*") {
    struct Case {
        std::string name;
        std::function<void(NameRules&)> change;
        std::string normal;
    };
    const auto c = GENERATE(values<Case>({
        {"JDoe@EXAMPLE.com", [](NameRules&) {}, "jdoe@example.com"},
        {"jdoe", [](NameRules& r) { r.default_realm = "example.org"; }, "jdoe@example.org"},
        {"jdoe@a", [](NameRules& r) { r.default_realm = "example.org"; }, "jdoe@a"},
        {"jdoe@a", [](NameRules& r) { r.format = "%n"; }, "jdoe"},
        {"JDoe@a", [](NameRules& r) { r.format = ""; }, "JDoe@a"},
        {"j-d_e", [](NameRules& r) { r.translation = "-.__"; }, "j.d_e"},
        {"o'brien@a", [](NameRules& r) { r.allowed_characters = ""; }, "o'brien@a"},
        {"a..b@c", [](NameRules&) {}, "a..b@c"},
    }));
    CAPTURE(c.name);
    NameRules rules = usual();
    c.change(rules);
    const auto normal = deliver::normalise_name(c.name, rules);
    REQUIRE(normal);
    CHECK(*normal == c.normal);
}

TEST_CASE("names that cannot be are refused for good") {
    struct Case {
        std::string name;
        std::string status;
    };
    const auto c = GENERATE(values<Case>({{"o'brien@a", "5.1.1"},
                                          {"a b", "5.1.1"},
                                          {"..@a", "5.1.3"},
                                          {".@a", "5.1.3"},
                                          {"@a", "5.1.3"},
                                          {"", "5.1.3"},
                                          {"a@..", "5.1.3"},
                                          {"a@", "5.1.3"},
                                          {"..", "5.1.3"},
                                          {"../x@a", "5.1.3"},
                                          {"a/b@c", "5.1.3"},
                                          {std::string("a\0b", 3), "5.1.3"}}));
    CAPTURE(c.name);
    const auto normal = deliver::normalise_name(c.name, usual());
    REQUIRE_FALSE(normal);
    CHECK(normal.error().result == Disposition::Result::permanent);
    CHECK(normal.error().status.text() == c.status);
}
