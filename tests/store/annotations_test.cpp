// SPDX-License-Identifier: MIT
// What annotations and ids look like on disk was seen at Dovecot 2.3.19.
#include "store/annotations.h"

#include "store/disk.h"
#include "store/mailbox_id.h"
#include "store/storage.h"
#include "tests/store/faulty_files.h"
#include "tests/store/scratch.h"

#include <catch2/catch.hpp>

#include <filesystem>

namespace store {
using testing::read_whole;
using testing::write_whole;

namespace {

constexpr const char* work_id = "a4f3233152f9066bff55000083ecc375";
constexpr const char* inbox_id = "a6f3233152f9066bff55000083ecc375";

struct World {
    testing::Scratch scratch;
    testing::FaultyFiles files;
    testing::SetClock clock;
    Syncer sync{files};
    MessageNames names{clock, "host", "5"};
    Disk disk{files, sync, names, clock};
    StorageSettings settings{.home = scratch.path(), .mail_location = "maildir:~/M"};
    std::string root = scratch.path() + "/M";
    std::string annotations = scratch.path() + "/attributes";

    World() { settings.annotations_file = annotations; }
    Storage storage() { return Storage::make(disk, settings).value(); }
    void mailbox(const std::string& directory, const std::string& id) const {
        for (const char* part : {"cur", "new", "tmp"})
            std::filesystem::create_directories(std::filesystem::path(directory) / part);
        if (!id.empty()) write_whole(directory + "/dovecot-uidlist", "3 V1 N1 G" + id + "\n1 :x\n");
    }
};

std::optional<std::string> annotation(const Storage& storage,
                                      std::optional<std::string_view> mailbox,
                                      std::string_view entry) {
    const auto key = storage.annotation_key(mailbox, entry);
    const Annotations all = storage.annotations();
    if (!key || !all.contains(*key)) return std::nullopt;
    return all.at(*key);
}

}  // namespace

TEST_CASE("mailboxes are listed by the names that users say, INBOX first") {
    World world;
    world.mailbox(world.root, {});
    for (const char* name : {".Work", ".Work.Old", ".&AMQ-rger", ".bad&", ".Work..x"})
        world.mailbox(world.root + "/" + name, {});
    write_whole(world.root + "/.file", "no mailbox");
    CHECK(world.storage().mailboxes() ==
          std::vector<std::string>{"INBOX", "Work", "Work.Old", "Ärger"});
    world.settings.namespaces = {
        {.name = "inbox", .prefix = "INBOX/", .separator = "/", .inbox = true}};
    CHECK(world.storage().mailboxes() ==
          std::vector<std::string>{"INBOX", "INBOX/Work", "INBOX/Work/Old", "INBOX/Ärger"});
}

TEST_CASE("with LAYOUT=fs mailboxes lie in directories of directories") {
    World world;
    world.settings.mail_location = "maildir:~/M:LAYOUT=fs:INBOX=~/M/INBOX";
    for (const char* name : {"INBOX", "Work", "only/holds/others"})
        world.mailbox(world.root + "/" + name, {});
    CHECK(world.storage().mailboxes() ==
          std::vector<std::string>{"INBOX", "Work", "only/holds/others"});
}

TEST_CASE("a mailbox has the id that stands in its dovecot-uidlist") {
    World world;
    world.mailbox(world.root, inbox_id);
    world.mailbox(world.root + "/.Work", work_id);
    world.mailbox(world.root + "/.New", {});
    world.mailbox(world.root + "/.Broken", "nonsense");
    CHECK(world.storage().mailboxes_by_id() ==
          std::map<std::string, std::string, std::less<>>{{work_id, "Work"}, {inbox_id, "INBOX"}});
}

TEST_CASE("annotations are read and written as Dovecot has them") {
    World world;
    world.mailbox(world.root, inbox_id);
    world.mailbox(world.root + "/.Work", work_id);
    Storage storage = world.storage();
    CHECK_FALSE(annotation(storage, "Work", "/private/comment"));
    CHECK(storage.set_annotation("Work", "/private/Comment", "two\nlines\tand\001"));
    CHECK(storage.set_annotation(std::nullopt, "/shared/admin", "root"));
    CHECK(storage.set_annotation("Work", "/shared/empty", ""));
    CHECK(read_whole(world.annotations) ==
          std::string("priv/") + work_id + "/comment\ntwo\001nlines\001tand\0011\n" + "shared/" +
              inbox_id + "/vendor/vendor.dovecot/pvt/server/admin\nroot\nshared/" + work_id +
              "/empty\n\n");
    CHECK(annotation(storage, "Work", "/PRIVATE/comment") == "two\nlines\tand\001");
    CHECK(annotation(storage, "Work", "/shared/empty") == "");
    CHECK(annotation(storage, std::nullopt, "/shared/admin") == "root");
    CHECK_FALSE(annotation(storage, "INBOX", "/shared/admin"));
    CHECK(storage.set_annotation("Work", "/private/comment", std::nullopt));
    CHECK_FALSE(annotation(storage, "Work", "/private/comment"));
    CHECK(annotation(storage, "Work", "/shared/empty") == "");
}

TEST_CASE("there are no annotations without a file, an id, or a name") {
    World world;
    world.mailbox(world.root, {});
    CHECK_FALSE(world.storage().set_annotation("INBOX", "/private/comment", "x"));
    world.mailbox(world.root, inbox_id);
    CHECK_FALSE(world.storage().set_annotation("INBOX", "comment", "x"));
    world.settings.annotations_file.clear();
    CHECK_FALSE(world.storage().set_annotation("INBOX", "/private/comment", "x"));
    CHECK_FALSE(annotation(world.storage(), "INBOX", "/private/comment"));
}

}  // namespace store
