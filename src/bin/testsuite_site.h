// SPDX-License-Identifier: MIT
// Where sieve-testsuite's scripts run (sieve-compat 5.2): a mail store, a program that takes what
// is sent, and a log, all in a temporary directory that goes with the object; the settings, which
// the tests may change.
#pragma once

#include "config/configuration.h"
#include "deliver/user_settings.h"
#include "store/local_disk.h"
#include "store/storage.h"
#include "user/user.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bin {

struct SentMail {
    std::string sender;
    std::string recipient;
    std::string message;
};

class TestsuiteSite {
  public:
    // `directory`: of the test script, with a slash at its end. Throws ToolFailure.
    TestsuiteSite(std::string directory, std::string extensions);
    ~TestsuiteSite();
    TestsuiteSite(const TestsuiteSite&) = delete;
    TestsuiteSite& operator=(const TestsuiteSite&) = delete;

    // Takes effect with load_settings(). Each answers with a text where it fails.
    std::string set(std::string_view name, std::string_view value);
    std::string unset(std::string_view name);
    std::string load_settings();

    const deliver::UserSettings& settings() const { return *settings_; }
    const std::shared_ptr<const deliver::UserSettings>& shared_settings() const {
        return settings_;
    }
    const user::User& user() const { return user_; }
    store::Storage& storage() { return *storage_; }
    const std::string& path() const { return path_; }

    // Error lines that were logged since this was asked last, without "Error: " and "sieve: ".
    std::vector<std::string> new_errors();

    std::optional<SentMail> sent(std::uint64_t index) const;
    void forget_sent() const;
    // The message with this number, from 0, in the order of their arrival.
    std::optional<std::string> stored(std::string_view mailbox, std::uint64_t index);
    // Gives the mailbox an id, as its first reader would.
    void make_mailbox_id(const store::MailboxPath& path);

  private:
    std::string path_;  // the temporary directory
    std::map<std::string, std::string, std::less<>> settings_by_path_;
    user::User user_;
    std::shared_ptr<const deliver::UserSettings> settings_;
    store::LocalDisk disk_;
    std::optional<store::Storage> storage_;
    std::size_t log_seen_ = 0;
    unsigned ids_ = 0;
};

}  // namespace bin
