// SPDX-License-Identifier: MIT
#include "deliver/identity.h"

#include "config/settings.h"

#include <catch2/catch.hpp>

using deliver::Identity;

namespace {

config::Settings usual() {
    config::Settings settings;
    settings.first_valid_uid = 500;
    settings.first_valid_gid = 1;
    return settings;
}

constexpr Identity root{0, 0};
constexpr Identity vmail{5000, 5000};

}  // namespace

TEST_CASE("uid and gid come from the userdb, else from mail_uid and mail_gid") {
    config::Settings settings = usual();
    user::User user;
    SECTION("userdb") {
        user.uid = 1000;
        user.gid = 100;
        const auto identity = deliver::identify(user, settings, root);
        REQUIRE(identity);
        CHECK(identity->uid == 1000);
        CHECK(identity->gid == 100);
    }
    SECTION("settings, by number and by name") {
        settings.mail_uid = "5000";
        settings.mail_gid = "nogroup";
        const auto identity = deliver::identify(user, settings, root);
        REQUIRE(identity);
        CHECK(identity->uid == 5000);
        CHECK(identity->gid == 65534);
    }
    SECTION("a process that is not root stores as itself") {
        const auto identity = deliver::identify(user, settings, vmail);
        REQUIRE(identity);
        CHECK(identity->uid == vmail.uid);
    }
}

TEST_CASE("identities that may not be, with Dovecot's texts") {
    struct Case {
        std::optional<uid_t> uid;
        std::optional<gid_t> gid;
        std::string mail_uid;
        std::string text;
    };
    const auto c = GENERATE(values<Case>({
        {{}, {}, "", "User is missing UID (see mail_uid setting)"},
        {1000, {}, "", "User is missing GID (see mail_gid setting)"},
        {0, 0, "", "Mail access not allowed for root"},
        {499, 100, "",
         "Mail access for users with UID 499 not permitted (see first_valid_uid in config file, "
         "uid "
         "from userdb lookup)."},
        {{},
         100,
         "8",
         "Mail access for users with UID 8 not permitted (see first_valid_uid in config file, uid "
         "from mail_uid setting)."},
        {2001, 100, "",
         "Mail access for users with UID 2001 not permitted (see last_valid_uid in config file, "
         "uid "
         "from userdb lookup)."},
        {{}, 100, "no-such-user", "Unknown mail_uid user: no-such-user"},
    }));
    CAPTURE(c.text);
    config::Settings settings = usual();
    settings.last_valid_uid = 2000;
    settings.mail_uid = c.mail_uid;
    user::User user;
    user.uid = c.uid;
    user.gid = c.gid;
    const auto identity = deliver::identify(user, settings, root);
    REQUIRE_FALSE(identity);
    CHECK(identity.error() == c.text);
}
