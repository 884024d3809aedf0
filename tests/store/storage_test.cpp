// SPDX-License-Identifier: MIT
#include "store/storage.h"

#include "base/spool.h"
#include "store/commit.h"
#include "store/disk.h"
#include "store/draft.h"
#include "tests/store/storage_world.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace store {
using testing::names_in;
using testing::read_whole;
using testing::World;
using testing::write_whole;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("the first delivery makes home, root and INBOX, and the file says all about itself") {
    World world;
    Stored stored = world.deliver("inbox");
    CHECK(stored.mailbox == "INBOX");
    CHECK(stored.path == world.root + "/new/1795300031.M0P" + world.prefix() + ",S=15,W=18");
    CHECK(stored.size == 15);
    CHECK(read_whole(stored.path) == "Subject: x\n\nhi\n");
    CHECK(names_in(world.root) == std::multiset<std::string>{"cur", "maildirfolder", "new", "tmp"});
    CHECK(names_in(world.root + "/tmp").empty());
    CHECK(mode_of(world.settings.home) == 0700);
    CHECK(mode_of(stored.path) == 0600);
    struct stat status {};
    ::stat(stored.path.c_str(), &status);
    CHECK(status.st_mtim.tv_sec == 86400);
}

TEST_CASE("a message with flags and keywords goes to cur, a plain one to new") {
    World world;
    Stored stored = world.deliver("INBOX", {"\\Seen", "\\Flagged", "one", "two"});
    CHECK(stored.path == world.root + "/cur/1795300031.M0P" + world.prefix() + ",S=15,W=18:2,FSab");
    CHECK(read_whole(world.root + "/dovecot-keywords") == "0 one\n1 two\n");
    CHECK(world.deliver("INBOX", {"TWO", "three"}).path.ends_with(":2,bc"));
    CHECK(read_whole(world.root + "/dovecot-keywords") == "0 one\n1 two\n2 three\n");
    CHECK(names_in(world.root).count("dovecot-uidlist.lock") == 0);
    CHECK(names_in(world.root).count("dovecot-keywords.lock") == 0);
}

TEST_CASE("keywords past the 26 that have letters are left out, and named") {
    World world;
    std::vector<std::string> keywords;
    for (char c = 'a'; c <= 'z'; ++c)
        keywords.push_back(std::string("k") + c);
    CHECK(world.deliver("INBOX", keywords).left_out_keywords.empty());
    const Stored stored = world.deliver("INBOX", {"kb", "more"});
    CHECK(stored.path.ends_with(":2,b"));
    CHECK(stored.left_out_keywords == std::vector<std::string>{"more"});
}

TEST_CASE("keywords are kept in the control directory, which is made") {
    World world;
    world.settings.mail_location += ":CONTROL=~/control";
    CHECK(world.deliver("INBOX", {"one"}).path.ends_with(":2,a"));
    CHECK(read_whole(world.settings.home + "/control/.INBOX/dovecot-keywords") == "0 one\n");
}

TEST_CASE("mail_save_crlf writes CRLF and says so in S") {
    World world;
    world.settings.save_crlf = true;
    Stored stored = world.deliver("INBOX");
    CHECK(read_whole(stored.path) == "Subject: x\r\n\r\nhi\r\n");
    CHECK(stored.path.ends_with(",S=18,W=18"));
}

TEST_CASE("a message is put together from pieces and the rest of a spool") {
    World world;
    std::string header = "X-New: 1\n";
    Storage storage = world.storage();
    Content content;
    content.add(header);
    content.add(world.spool, 11);
    CHECK(content.size() == 13);
    CHECK(content.virtual_size() == 16);
    std::vector<Store> stores = {{.mailbox = *storage.open("INBOX"), .content = content}};
    Stored stored = commit(storage, std::move(stores)).front();
    CHECK(read_whole(stored.path) == "X-New: 1\n\nhi\n");
    CHECK(stored.path.ends_with(",S=13,W=16"));
}

TEST_CASE("a large message in a file is stored whole") {
    World world;
    base::Spool large({.memory_bytes = 1000, .temp_dir = world.scratch.path()});
    std::string text;
    for (int i = 0; i < 200000; ++i)
        text += "line " + std::to_string(i) + " of many that are here\n";
    large.append(text);
    large.seal();
    for (bool crlf : {false, true}) {
        world.settings.save_crlf = crlf;
        Storage storage = world.storage();
        std::vector<Store> stores = {
            {.mailbox = *storage.open("INBOX"), .content = Content(large)}};
        std::string stored = read_whole(commit(storage, std::move(stores)).front().path);
        CHECK(stored.size() == (crlf ? large.virtual_size() : large.size()));
        std::erase(stored, '\r');
        CHECK(stored == text);
    }
}

TEST_CASE("a missing mailbox is an outcome, and made where that is wanted") {
    World world;
    Storage storage = world.storage();
    auto missing = storage.open("Work");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().reason == OpenFailure::Reason::missing);
    CHECK(missing.error().text == "Mailbox doesn't exist: Work");
    CHECK_FALSE(storage.exists("Work"));
    CHECK(storage.exists("INBOX"));
    CHECK_FALSE(storage.exists("a..b"));
    auto invalid = storage.open("a..b");
    CHECK(invalid.error().reason == OpenFailure::Reason::invalid_name);
    CHECK(storage.open("Work", CreateMailbox::always));
    CHECK(storage.exists("Work"));
    CHECK(names_in(world.root + "/.Work") ==
          std::multiset<std::string>{"cur", "maildirfolder", "new", "tmp"});
    CHECK(names_in(world.root).count("cur") == 1);
    auto control = storage.open("a\tb", CreateMailbox::always);
    REQUIRE_FALSE(control);
    CHECK(control.error().text == "Control characters not allowed in new mailbox names");
}

TEST_CASE("autocreate makes, autosubscribe subscribes") {
    World world;
    world.settings.autocreate = true;
    world.settings.autosubscribe = true;
    world.deliver("INBOX");
    CHECK_FALSE(std::filesystem::exists(world.root + "/subscriptions"));
    world.deliver("a.b");
    world.deliver("a.b");
    CHECK(read_whole(world.root + "/subscriptions") == "V\t2\n\na\tb\n");
    CHECK(names_in(world.root + "/.a.b/new").size() == 2);
}

TEST_CASE("mailbox blocks with auto are made without autocreate") {
    World world;
    world.settings.namespaces = {{.prefix = "INBOX.",
                                  .inbox = true,
                                  .auto_create = {"Sent"},
                                  .auto_subscribe = {"Junk", "Deep.er"}}};
    Storage storage = world.storage();
    CHECK(storage.exists("INBOX.Sent"));
    CHECK_FALSE(storage.exists("INBOX.Deep"));
    CHECK_FALSE(storage.open("INBOX.Sent", CreateMailbox::never));
    world.deliver("INBOX.Sent");
    world.deliver("INBOX.Junk");
    world.deliver("INBOX.Deep.er");
    CHECK_FALSE(storage.open("INBOX.Other"));
    CHECK(read_whole(world.root + "/subscriptions") == "V\t2\n\nJunk\nDeep\ter\n");
}

TEST_CASE("a directory that only holds others is no mailbox in LAYOUT=fs until it is made one") {
    World world;
    world.settings.mail_location = "maildir:~/Maildir:LAYOUT=fs";
    Storage storage = world.storage();
    CHECK(storage.create("a/b", Subscribe::no));
    CHECK_FALSE(storage.exists("a"));
    CHECK_FALSE(storage.open("a"));
    CHECK(storage.open("a", CreateMailbox::always));
    CHECK(storage.exists("a"));
    CHECK(names_in(world.root + "/a") == std::multiset<std::string>{"b", "cur", "new", "tmp"});
}

TEST_CASE("a file in the place of a mailbox is an error, not a mailbox") {
    World world;
    world.settings.mail_location = "maildir:~/Maildir:LAYOUT=fs";
    write_whole(world.root + "/subscriptions", "x\n");
    Storage storage = world.storage();
    CHECK_FALSE(storage.exists("subscriptions"));
    CHECK_FALSE(storage.open("subscriptions"));
    for (const char* name : {"subscriptions", "subscriptions/x"}) {
        auto failed = storage.open(name, CreateMailbox::always);
        REQUIRE_FALSE(failed);
        CHECK(failed.error().reason == OpenFailure::Reason::invalid_name);
        CHECK(failed.error().text ==
              "mkdir(" + world.root + "/subscriptions) failed: Not a directory");
    }
    std::filesystem::create_symlink(world.root + "/loop", world.root + "/loop");
    CHECK_FALSE(storage.open("loop", CreateMailbox::always));
    CHECK_FALSE(storage.exists("loop"));
}

TEST_CASE("missing cur, new and tmp are made again") {
    World world;
    world.deliver("INBOX");
    auto part = GENERATE(values<std::string>({"cur", "new", "tmp"}));
    std::filesystem::remove_all(world.root + "/" + part);
    CAPTURE(part);
    CHECK(std::filesystem::exists(world.deliver("INBOX", {"\\Seen"}).path));
    CHECK(std::filesystem::exists(world.deliver("INBOX").path));
}

TEST_CASE("new files and folders inherit permissions from where they are made") {
    World world;
    ::umask(077);
    world.settings.autocreate = true;
    struct Case {
        std::string name;
        mode_t home;
        mode_t root;  // 0: not there before
        mode_t made_directory;
        mode_t made_file;
    };
    auto [name, home, root, made_directory, made_file] = GENERATE(values<Case>({
        {"private", 0755, 0, 0700, 0600},
        {"home with group", 0770, 0, 0700, 0600},
        {"home with set-group-id", 02770, 0, 02770, 0660},
        {"root shared", 0755, 0770, 0770, 0660},
        {"root readable", 0755, 0755, 0755, 0644},
        {"root with set-group-id", 0755, 02750, 02750, 0640},
    }));
    CAPTURE(name);
    auto make = [](const std::string& path, mode_t mode) {
        std::filesystem::create_directories(path);
        ::chmod(path.c_str(), mode);
    };
    make(world.settings.home, home);
    if (root != 0) make(world.root, root);
    for (const char* layout : {"maildir++", "fs"}) {
        world.settings.mail_location = std::string("maildir:~/Maildir:LAYOUT=") + layout;
        std::string box = layout == std::string("fs") ? "/b" : "/.b";
        Stored stored = world.deliver("b");
        CHECK(mode_of(world.root + box) == made_directory);
        CHECK(mode_of(world.root + box + "/new") == made_directory);
        CHECK(mode_of(stored.path) == made_file);
    }
}

TEST_CASE("a child inherits from its parent mailbox") {
    World world;
    Storage storage = world.storage();
    CHECK(storage.create("a", Subscribe::no));
    ::chmod((world.root + "/.a").c_str(), 0750);
    CHECK(storage.create("a.b.c", Subscribe::no));
    CHECK(mode_of(world.root + "/.a.b.c") == 0750);
    CHECK(mode_of(world.root) == 0700);
}

TEST_CASE("files left in tmp are swept once they are old, and only then") {
    World world;
    world.deliver("INBOX");
    std::string tmp = world.root + "/tmp";
    write_whole(tmp + "/left", "x");
    std::filesystem::create_directory(tmp + "/directory");
    world.clock.time = base::system_clock().now();
    world.deliver("INBOX");
    CHECK(names_in(tmp).size() == 2);
    world.clock.time += std::chrono::hours(35);
    world.settings.temp_scan_interval = std::chrono::hours(24);
    world.deliver("INBOX");
    CHECK(names_in(tmp).count("left") == 1);
    world.clock.time += std::chrono::hours(24 * 8);
    world.deliver("INBOX");
    CHECK(names_in(tmp) == std::multiset<std::string>{"directory"});
}

TEST_CASE("a name that is taken is never overwritten") {
    World world;
    Stored first = world.deliver("INBOX");
    // As if an earlier process of the same pid had left it, with the clock standing still.
    MessageNames again(world.clock, "host", "5");
    Disk disk{world.files, world.sync, again, world.clock};
    Storage storage = Storage::make(disk, world.settings).value();
    std::vector<Store> stores = {
        {.mailbox = *storage.open("INBOX"), .content = Content(world.spool)}};
    Stored second = commit(storage, std::move(stores)).front();
    CHECK(first.path != second.path);
    CHECK(names_in(world.root + "/new").size() == 2);
    write_whole(world.root + "/tmp/1795300031.M2P" + world.prefix(), "foreign");
    Mailbox mailbox = *storage.open("INBOX");
    Draft draft(disk, mailbox, {});
    CHECK(draft.temporary_path().ends_with("M3P" + world.prefix()));
    CHECK(read_whole(world.root + "/tmp/1795300031.M2P" + world.prefix()) == "foreign");
}

TEST_CASE("where rename cannot refuse to replace, a link does") {
    World world;
    world.files.before_call = [](int, std::string_view name) {
        return name == "rename" ? EINVAL : 0;
    };
    Stored first = world.deliver("INBOX");
    MessageNames again(world.clock, "host", "5");
    Disk disk{world.files, world.sync, again, world.clock};
    Storage storage = Storage::make(disk, world.settings).value();
    std::vector<Store> stores = {
        {.mailbox = *storage.open("INBOX"), .content = Content(world.spool)}};
    commit(storage, std::move(stores));
    CHECK(names_in(world.root + "/new").size() == 2);
    CHECK(names_in(world.root + "/tmp").empty());
}

TEST_CASE("a delivery counts in maildirsize where that exists and is wanted") {
    World world;
    std::string file = world.root + "/maildirsize";
    world.settings.quota_file = true;
    world.deliver("INBOX");
    CHECK_FALSE(std::filesystem::exists(file));
    write_whole(file, "1000S\n30 2\n");
    world.deliver("INBOX");
    CHECK(read_whole(file) == "1000S\n30 2\n15 1\n");
    world.settings.quota_file = false;
    world.deliver("INBOX");
    CHECK(read_whole(file) == "1000S\n30 2\n15 1\n");
    world.settings.quota_file = true;
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    CHECK_NOTHROW(world.deliver("INBOX"));
}

TEST_CASE("a draft that is not shown leaves nothing") {
    World world;
    world.deliver("INBOX");
    {
        Draft draft(world.disk, *world.storage().open("INBOX"), {});
        draft.write(Content(world.spool));
        CHECK(names_in(world.root + "/tmp").size() == 1);
        Draft moved(std::move(draft));
        CHECK(names_in(world.root + "/tmp").size() == 1);
    }
    CHECK(names_in(world.root + "/tmp").empty());
    CHECK(names_in(world.root + "/new").size() == 1);
}

TEST_CASE("a store is taken back also where a reader has moved it") {
    World world;
    world.deliver("INBOX");
    Draft draft(world.disk, *world.storage().open("INBOX"), {});
    draft.write(Content(world.spool));
    draft.show();
    std::string moved = draft.visible_path() + ":2,S";
    moved.replace(moved.find("/new/"), 5, "/cur/");
    std::filesystem::rename(draft.visible_path(), moved);
    draft.take_back();
    CHECK(names_in(world.root + "/cur").empty());
    CHECK(names_in(world.root + "/new").size() == 1);
}

TEST_CASE("an unwritable or missing home is a temporary failure that names it") {
    World world;
    world.settings.home = "/proc/nobody";
    CHECK_THROWS_AS(world.deliver("INBOX"), std::system_error);
    world.settings.mail_location = "maildir:/dev/null/x";
    CHECK_THROWS_AS(world.deliver("INBOX"), std::system_error);
}

TEST_CASE("deliveries that make the same folder at once all succeed") {
    World world;
    world.settings.autocreate = true;
    world.settings.autosubscribe = true;
    FileSystem files;
    Syncer sync(files);
    Disk disk{files, sync, world.names, base::system_clock()};
    auto layout = GENERATE(values<std::string>({"maildir++", "fs"}));
    world.settings.mail_location += ":LAYOUT=" + layout;
    std::vector<std::thread> threads;
    std::atomic<int> done{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (const char* name : {"one", "two", "three"}) {
                Storage storage = Storage::make(disk, world.settings).value();
                std::vector<std::string> flags = {"$k" + std::to_string(done % 4)};
                std::vector<Store> stores = {{.mailbox = *storage.open(name),
                                              .content = Content(world.spool),
                                              .flags = parse_flags(flags)}};
                commit(storage, std::move(stores));
                ++done;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(done == 24);
    std::string dot = layout == "fs" ? "/" : "/.";
    for (const char* name : {"one", "two", "three"})
        CHECK(testing::messages_in(world.root + dot + name).size() == 8);
    std::string subscriptions = read_whole(world.root + "/subscriptions");
    CHECK(std::count(subscriptions.begin(), subscriptions.end(), '\n') == 5);
}

TEST_CASE("the lock of a process that is dead, or of nobody, is taken over") {
    World world;
    world.deliver("INBOX");
    write_whole(world.root + "/dovecot-uidlist.lock", "4194304:host");
    CHECK(world.deliver("INBOX", {"one"}).path.ends_with(":2,a"));
    write_whole(world.root + "/dovecot-uidlist.lock", "4194304:otherhost");
    world.settings.lock_times.wait = std::chrono::seconds(0);
    CHECK_THROWS_WITH(world.deliver("INBOX", {"two"}),
                      Catch::Contains("Timeout while waiting for lock"));
    CHECK(world.deliver("INBOX", {"one"}).path.ends_with(":2,a"));
}

}  // namespace store
