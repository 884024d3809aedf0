// SPDX-License-Identifier: MIT
#include "user/chain.h"

#include <catch2/catch.hpp>

namespace {

std::string name_for_u(std::string_view text, const user::Request& request) {
    std::string out(text);
    if (std::size_t at = out.find("%u"); at != std::string::npos) out.replace(at, 2, request.name);
    if (out.find("%?") != std::string::npos) throw std::invalid_argument("Unknown variable '%?'");
    return out;
}

user::Lookup look_up(const user::Blocks& blocks, const std::string& name) {
    return user::Chain(blocks, name_for_u).find({.name = name});
}

user::Block static_block(std::string args) {
    return {.driver = "static", .args = std::move(args)};
}

}  // namespace

TEST_CASE("static gives every user the expanded template") {
    auto found =
        look_up({.userdbs = {static_block(
                     "uid=5000 gid=0 home=/m/%u allow_all_users=yes quota_rule=*:bytes=1")}},
                "a");
    REQUIRE(std::holds_alternative<user::User>(found));
    CHECK(std::get<user::User>(found).home == "/m/a");
    CHECK(std::get<user::User>(found).uid == 5000u);
    CHECK(std::get<user::User>(found).fields.at("quota_rule") == "*:bytes=1");
    CHECK(!std::get<user::User>(found).fields.contains("allow_all_users"));
}

TEST_CASE("static without allow_all_users asks the passdb who exists") {
    user::Blocks blocks{.userdbs = {static_block("uid=5000")}};
    CHECK(std::holds_alternative<user::LookupFailure>(look_up(blocks, "a")));
    blocks.passdbs = {{.driver = "static", .args = "nopassword=y"}};
    CHECK(std::holds_alternative<user::User>(look_up(blocks, "a")));
    blocks.passdbs[0].deny = true;
    CHECK(std::holds_alternative<user::LookupFailure>(look_up(blocks, "a")));
    blocks.passdbs = {{.driver = "static", .master = true}};
    CHECK(std::holds_alternative<user::LookupFailure>(look_up(blocks, "a")));
    blocks.passdbs = {{.driver = "pam"}};
    CHECK(std::holds_alternative<user::LookupFailure>(look_up(blocks, "a")));
}

TEST_CASE("prefetch is passed over, a failure counts only where nobody knows the user") {
    user::Block broken{.driver = "passwd-file", .args = "/nonexistent/x"};
    user::Block all = static_block("uid=1 allow_all_users=yes");
    user::Block prefetch{.driver = "prefetch"};
    CHECK(std::holds_alternative<user::User>(look_up({.userdbs = {prefetch, all}}, "a")));
    CHECK(std::holds_alternative<user::User>(look_up({.userdbs = {broken, all}}, "a")));
    CHECK(
        std::holds_alternative<user::LookupFailure>(look_up({.userdbs = {broken, prefetch}}, "a")));
    CHECK(std::holds_alternative<user::LookupFailure>(look_up({.userdbs = {prefetch}}, "a")));
    CHECK(std::holds_alternative<user::LookupFailure>(look_up({}, "a")));
}

TEST_CASE("default fields yield to the driver's, override fields do not") {
    user::Block block = static_block("home=/own allow_all_users=yes");
    block.default_fields = "home=/default uid=7";
    block.override_fields = "gid=8 mail=maildir:/x/%u";
    auto found = look_up({.userdbs = {block}}, "a");
    REQUIRE(std::holds_alternative<user::User>(found));
    const auto& a = std::get<user::User>(found);
    CHECK(a.home == "/own");
    CHECK(a.uid == 7u);
    CHECK(a.gid == 8u);
    CHECK(a.mail == "maildir:/x/a");
}

TEST_CASE("result rules decide whether the next block is asked") {
    user::Block first = static_block("uid=1 allow_all_users=yes");
    user::Block second = static_block("gid=2 home=/h/./rel allow_all_users=yes");
    first.result_success = "continue-ok";
    auto found = look_up({.userdbs = {first, second}}, "a");
    REQUIRE(std::holds_alternative<user::User>(found));
    CHECK(std::get<user::User>(found).uid == 1u);
    CHECK(std::get<user::User>(found).gid == 2u);
    CHECK(std::get<user::User>(found).home == "/rel");
    CHECK(std::get<user::User>(found).fields.at("chroot") == "/h");
    first.result_success = "return-fail";
    CHECK(std::holds_alternative<user::NoSuchUser>(look_up({.userdbs = {first, second}}, "a")));
    second.skip = "found";
    first.result_success = "continue-ok";
    CHECK(!std::get<user::User>(look_up({.userdbs = {first, second}}, "a")).gid);
}

TEST_CASE("an unknown driver or variable is never taken for an unknown user") {
    CHECK_THROWS_WITH(look_up({.userdbs = {{.driver = "ldpa"}}}, "a"),
                      Catch::Contains("Unknown userdb driver 'ldpa'"));
    CHECK(std::holds_alternative<user::LookupFailure>(
        look_up({.userdbs = {static_block("home=/%? allow_all_users=yes")}}, "a")));
}

TEST_CASE("passwd knows the accounts of the system") {
    CHECK(std::get<user::User>(look_up({.userdbs = {{.driver = "passwd"}}}, "root")).home ==
          "/root");
    CHECK(std::holds_alternative<user::NoSuchUser>(
        look_up({.userdbs = {{.driver = "passwd"}}}, "no-such-account-here")));
}

TEST_CASE("a home loses the slashes at its end") {
    for (auto [written, home] : {std::pair{"/m/a//", "/m/a"}, {"/m/a", "/m/a"}, {"/", "/"}}) {
        auto found = look_up(
            {.userdbs = {static_block(std::string("allow_all_users=yes home=") + written)}}, "a");
        REQUIRE(std::holds_alternative<user::User>(found));
        CHECK(std::get<user::User>(found).home == home);
    }
}
