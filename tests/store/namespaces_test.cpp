// SPDX-License-Identifier: MIT
#include "tests/store/storage_world.h"

#include <catch2/catch.hpp>

namespace store {
using testing::read_whole;
using testing::World;

TEST_CASE("a namespace without subscriptions hands them to its parent") {
    World world;
    world.settings.namespaces = {
        {.separator = "/", .inbox = true},
        {.prefix = "Public/", .location = "maildir:~/public:LAYOUT=fs", .subscriptions = false}};
    CHECK(world.storage().create("Public/a/b", Subscribe::yes));
    CHECK(read_whole(world.root + "/subscriptions") == "V\t2\n\nPublic\ta\tb\n");
    CHECK(std::filesystem::exists(world.settings.home + "/public/a/b/cur"));
}

TEST_CASE("a namespace in a foreign format stops only what goes there") {
    World world;
    world.settings.namespaces = {
        {.separator = "/", .inbox = true},
        {.prefix = "old/", .separator = "/", .location = "mbox:~/mbox", .listed = false}};
    CHECK(world.deliver("INBOX").mailbox == "INBOX");
    Storage storage = world.storage();
    CHECK(storage.open("Work", CreateMailbox::always));
    const auto opened = storage.open("old/a", CreateMailbox::always);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().text ==
          "Namespace 'old/': Mail storage driver mbox is not supported (maildir is)");
    CHECK_FALSE(storage.exists("old/a"));
    CHECK(storage.mailboxes() == std::vector<std::string>{"INBOX", "Work"});
    world.settings.namespaces[1].inbox = true;
    world.settings.namespaces[0].inbox = false;
    CHECK_FALSE(Storage::make(world.disk, world.settings));
}

TEST_CASE("a namespace that is not listed may have any prefix") {
    World world;
    world.settings.namespaces = {
        {.separator = "/", .inbox = true},
        {.prefix = "arch", .separator = "/", .location = "maildir:~/arch", .listed = false}};
    CHECK(world.deliver("INBOX").mailbox == "INBOX");
    world.settings.autocreate = true;
    CHECK(world.deliver("arc").path.starts_with(world.root + "/.arc/"));
    CHECK(world.deliver("archive").path.starts_with(world.settings.home + "/arch/.ive/"));
}

TEST_CASE("namespaces that cannot work are refused") {
    World world;
    auto error = [&] { return Storage::make(world.disk, world.settings).error().text; };
    world.settings.namespaces = {{.inbox = false}};
    CHECK(error() == "namespace configuration error: inbox=yes namespace missing");
    world.settings.namespaces = {{.inbox = true}, {.prefix = "x.", .inbox = true}};
    CHECK(error() ==
          "namespace configuration error: There can be only one namespace with inbox=yes");
    world.settings.namespaces = {{.prefix = "x", .inbox = true}};
    CHECK(error() ==
          "namespace configuration error: list=yes requires prefix=x to end with separator .");
    world.settings.namespaces = {{.separator = "//", .inbox = true}};
    CHECK(error() == "Namespace '': Hierarchy separator must be only one character long");
    world.settings.namespaces = {};
    world.settings.mail_location = "";
    CHECK(error() ==
          "Initializing mail storage from mail_location setting failed: mail_location not set and "
          "autodetection failed: Mail storage autodetection failed with home=" +
              world.settings.home);
}

}  // namespace store
