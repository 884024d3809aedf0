// SPDX-License-Identifier: MIT
// One delivery of one message to some mailboxes of a user, over files that fail: what the crash
// tests repeat, and what they look at afterwards.
#pragma once

#include "base/spool.h"
#include "store/commit.h"
#include "store/disk.h"
#include "store/storage.h"
#include "tests/store/faulty_files.h"
#include "tests/store/scratch.h"

#include <string>
#include <string_view>
#include <vector>

namespace testing {

inline const std::string message_text = "Subject: crash\n\n" + std::string(20000, 'x') + "\nend\n";

struct Plan {
    std::string name;
    std::string location;
    std::vector<std::string> mailboxes;
    std::vector<std::string> flags;
    bool home_exists = true;
};

inline const std::vector<Plan>& plans() {
    static const std::vector<Plan> all = {
        {"first INBOX", "maildir:~/Maildir", {"INBOX"}, {}, false},
        {"INBOX", "maildir:~/Maildir", {"INBOX"}, {}},
        {"two folders, flags", "maildir:~/Maildir", {"INBOX", "a.b"}, {"\\Seen", "$label"}},
        {"three folders", "maildir:~/Maildir", {"INBOX", "Work", "Envoyés"}, {}},
        {"fs, three folders, flags",
         "maildir:~/Maildir:LAYOUT=fs",
         {"a/b", "a", "INBOX"},
         {"\\Flagged"},
         false},
        {"fs, control apart, keywords",
         "maildir:~/Maildir:LAYOUT=fs:CONTROL=~/control:DIRNAME=mbx",
         {"INBOX", "x/y"},
         {"one", "two"}},
    };
    return all;
}

class Delivery {
  public:
    explicit Delivery(const Plan& plan) : plan_(plan) {
        spool_.append(message_text);
        spool_.seal();
        std::filesystem::create_directories(scratch_.path() + "/attic");
        if (plan.home_exists) {
            // An account in use: INBOX with a mail in it.
            run({"INBOX"}, {});
            earlier_ = 1;
        }
    }

    // Delivers to the plan's mailboxes; throws where it fails. A message that was there before
    // stays.
    std::vector<store::Stored> run() { return run(plan_.mailboxes, plan_.flags); }

    FaultyFiles& files() { return files_; }
    SetClock& clock() { return clock_; }
    std::string attic() const { return scratch_.path() + "/attic"; }

    // Copies of the message that a reader sees in the mailbox; nothing but whole messages may be
    // there, otherwise -1.
    int copies(const std::string& mailbox) {
        auto path = storage().locate(mailbox);
        int count = 0;
        for (const std::string& text : messages_in(path->directory)) {
            if (text != message_text) return -1;
            ++count;
        }
        return path->is_inbox ? count - earlier_ : count;
    }
    std::size_t left_in_tmp(const std::string& mailbox) {
        return names_in(storage().locate(mailbox)->directory + "/tmp").size();
    }
    // Opens the mailboxes a month later, which sweeps their tmp/.
    void sweep() {
        clock_.time = base::system_clock().now() + std::chrono::hours(24 * 30);
        store::Storage mine = storage();
        for (const std::string& mailbox : plan_.mailboxes)
            (void)mine.open(mailbox);
    }
    store::Storage storage() {
        store::StorageSettings settings{.home = scratch_.path() + "/home",
                                        .mail_location = plan_.location};
        settings.autocreate = true;
        settings.autosubscribe = true;
        settings.lock_times.stale = std::chrono::seconds(0);  // nobody else is there
        return store::Storage::make(disk_, settings).value();
    }

  private:
    std::vector<store::Stored> run(const std::vector<std::string>& mailboxes,
                                   const std::vector<std::string>& flags) {
        store::Storage mine = storage();
        std::vector<store::Store> stores;
        for (const std::string& name : mailboxes) {
            stores.push_back({.mailbox = mine.open(name).value(),
                              .content = store::Content(spool_),
                              .flags = store::parse_flags(flags)});
        }
        return store::commit(mine, std::move(stores));
    }

    Plan plan_;
    Scratch scratch_;
    FaultyFiles files_;
    SetClock clock_;
    store::Syncer sync_{files_};
    store::MessageNames names_{clock_, "host", "0"};
    store::Disk disk_{files_, sync_, names_, clock_};
    base::Spool spool_;
    int earlier_ = 0;
};

}  // namespace testing
