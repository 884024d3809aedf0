// SPDX-License-Identifier: MIT
#include "store/location.h"

#include "store/file_system.h"
#include "tests/store/scratch.h"

#include <catch2/catch.hpp>

namespace store {

TEST_CASE("a mail location that cannot be is refused in Dovecot's words") {
    struct Case {
        std::string text;
        std::string home;
        std::string error;
    };
    auto [text, home, error] = GENERATE(values<Case>({
        {"~/Maildir", "/h",
         "Ambiguous mail location setting, don't know what to do with it: ~/Maildir (try prefixing "
         "it with mbox: or maildir:)"},
        {"foo:~/x", "/h", "Unknown mail storage driver foo"},
        {"mbox:~/m", "/h", "Mail storage driver mbox is not supported (maildir is)"},
        {"maildir:", "/h", "Root mail directory not given"},
        {"maildir:~/M", "", "Home directory not set for user. Can't expand ~/M"},
        {"maildir:M", "", "Home directory not set for user. Can't expand M"},
        {"maildir:~jdoe/M", "/h", "Can't expand another user's home: ~jdoe/M"},
        {"maildir:~/M:FOO=1", "/h", "Unknown setting: FOO"},
        {"maildir:~/M:layout=fs", "/h", "Unknown setting: layout"},
        {"maildir:~/M:LAYOUT=zz", "/h", "Mailbox list driver zz: Unknown driver name"},
        {"maildir:~/M:BROKENCHAR=ab", "/h", "BROKENCHAR value must be a single character"},
        {"maildir:~/M:DIRNAME=x", "/h",
         "Mailbox list driver maildir++: maildir_name not supported by this driver"},
        {"maildir:~/M:LAYOUT=fs:DIRNAME=../x", "/h", "DIRNAME is no relative path: ../x"},
        {"maildir:~/M:SUBSCRIPTIONS=/etc/x", "/h", "SUBSCRIPTIONS is no relative path: /etc/x"},
    }));
    CAPTURE(text);
    auto location = parse_location(text, home);
    REQUIRE_FALSE(location);
    CHECK(location.error().text == error);
}

TEST_CASE("a mail location becomes directories") {
    auto location = parse_location(
        "MailDir:~/mail/:LAYOUT=FS:INBOX=in:INDEX=MEMORY:CONTROL=/c:UTF-8:BROKENCHAR=*:NO-NOSELECT",
        "/h");
    REQUIRE(location);
    CHECK(location->root == "/h/mail");
    CHECK(location->layout == Layout::fs);
    CHECK(location->inbox == "/h/in");
    CHECK(location->control == "/c");
    CHECK(location->index == "MEMORY");
    CHECK(location->utf8);
    CHECK(location->subscriptions == "subscriptions");
}

TEST_CASE("the home itself can be the mail root, and two colons stand for one") {
    CHECK(parse_location("Maildir:~/", "/h")->root == "/h");
    CHECK(parse_location("maildir:~", "/h")->root == "/h");
    CHECK(parse_location("maildir:/a::b:INDEX=/i::j", "/h")->root == "/a:b");
    CHECK(parse_location("maildir:/a::b:INDEX=/i::j", "/h")->index == "/i:j");
    CHECK(parse_location("maildir:rel", "/h")->root == "/h/rel");
}

TEST_CASE("an empty mail location is ~/Maildir where there is one") {
    testing::Scratch scratch;
    FileSystem files;
    auto none = detect_location(files, scratch.path());
    REQUIRE_FALSE(none);
    CHECK(none.error().text == "Mail storage autodetection failed with home=" + scratch.path());
    std::filesystem::create_directories(scratch.path() + "/Maildir/cur");
    CHECK(detect_location(files, scratch.path())->root == scratch.path() + "/Maildir");
}

}  // namespace store
