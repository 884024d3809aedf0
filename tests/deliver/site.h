// SPDX-License-Identifier: MIT
// A whole set-up in a temporary directory: a configuration, one user, a sendmail that keeps what it
// gets, and an agent. What happened is read from the files.
#pragma once

#include "base/clock.h"
#include "base/spool.h"
#include "base/waiting_slots.h"
#include "config/configuration.h"
#include "deliver/agent.h"
#include "deliver/disposition.h"
#include "deliver/envelope.h"
#include "deliver/record.h"
#include "store/disk.h"
#include "temporary_directory.h"
#include "user/user.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class Site {
  public:
    // `settings` is added to the configuration; "@D@" in it stands for the directory.
    explicit Site(std::string settings = {}, deliver::Protocol protocol = deliver::Protocol::lda);
    ~Site();

    static constexpr std::string_view plain_message =
        "From: a@example.org\nTo: b@example.com\nSubject: x\nMessage-ID: <1@x>\n\nbody\n";

    // The user "nobody@example.com" with the home "home", delivered to without a look-up.
    deliver::Disposition deliver(std::string_view message = plain_message,
                                 deliver::Deadline* deadline = nullptr);
    // Its two halves; the second may run on several threads at once.
    deliver::Recipient recipient();
    deliver::Disposition deliver_to(const deliver::Recipient& recipient, std::string_view message,
                                    deliver::Deadline* deadline = nullptr);
    void script(std::string_view text) { directory.write("home/.dovecot.sieve", text); }

    // Folders with their messages, sorted: "INBOX:2 X:1 Y:1(Sa)", flags in brackets.
    std::string folders() const;
    // Lines of the log without prefixes, joined by "\n"; "@D@" for the directory.
    std::string log() const;
    std::string user_log() const;  // without its first line
    std::string sent() const { return directory.read("sent"); }
    std::optional<deliver::DeliveryRecord> record() const;
    // Another program plays sendmail; "@D@" in it stands for the directory.
    void sendmail(std::string_view program);
    // The program that plays sendmail exits with that code from now on.
    void sendmail_exits(int code) { directory.write("exit", std::to_string(code)); }

    TemporaryDirectory directory;
    deliver::Envelope envelope;
    std::string default_mailbox = "INBOX";
    std::map<std::string, std::string> fields;  // of the userdb

    // The userdb: users by name.
    class Users final : public user::UserDb {
      public:
        user::Lookup find(const user::Request& request) override;
        std::map<std::string, user::User> known;
        bool broken = false;
        std::string asked_for;
    };
    Users users;
    deliver::Agent& agent() { return *agent_; }

    base::WaitingSlots sending_slots{{2, 4, std::chrono::milliseconds(10)}};

    // The store's file system: `before_call` answers with an errno to fail a call.
    class Files final : public store::FileSystem {
      public:
        std::function<int(std::string_view name)> before_call;

      protected:
        ssize_t sys_write(int fd, const char* bytes, std::size_t size) override;
        int sys_rename(const char* from, const char* to, unsigned flags) override;
    };
    Files files;

  private:
    std::string without_directory(std::string text) const;

    std::optional<config::Configuration> configuration_;
    store::Syncer sync_{files};
    store::MessageNames names_{base::system_clock(), "host"};
    store::Disk disk_{files, sync_, names_, base::system_clock()};
    std::unique_ptr<deliver::Agent> agent_;
};
