// SPDX-License-Identifier: MIT
// A user's storage in a scratch directory, with a disk that can fail, a clock that stands, and one
// short message to deliver.
#pragma once

#include "base/spool.h"
#include "store/commit.h"
#include "store/disk.h"
#include "store/storage.h"
#include "tests/store/faulty_files.h"
#include "tests/store/scratch.h"

#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace testing {

struct World {
    Scratch scratch;
    FaultyFiles files;
    SetClock clock;
    store::Syncer sync{files};
    store::MessageNames names{clock, "host", "5"};
    store::Disk disk{files, sync, names, clock};
    store::StorageSettings settings{.home = scratch.path() + "/home",
                                    .mail_location = "maildir:~/Maildir"};
    std::string root = scratch.path() + "/home/Maildir";
    base::Spool spool;

    World() {
        spool.append("Subject: x\n\nhi\n");
        spool.seal();
    }
    store::Storage storage() { return store::Storage::make(disk, settings).value(); }
    store::Stored deliver(std::string_view name, std::vector<std::string> flags = {}) {
        store::Storage mine = storage();
        auto mailbox = mine.open(name);
        if (!mailbox) throw std::runtime_error(mailbox.error().text);
        std::vector<store::Store> stores = {
            {.mailbox = *mailbox,
             .content = store::Content(spool),
             .flags = store::parse_flags(flags),
             .received = base::WallTime(std::chrono::seconds(86400))}};
        return store::commit(mine, std::move(stores)).front();
    }
    std::string prefix() const { return std::to_string(::getpid()) + "R5.host"; }
};

}  // namespace testing
