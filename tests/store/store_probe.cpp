// SPDX-License-Identifier: MIT
// A delivery without an agent, for the crash tests and for comparing with Dovecot:
//
//   store-probe HOME MAIL_LOCATION [--KEY VALUE]... deliver MAILBOX... < message
//   store-probe HOME MAIL_LOCATION [--KEY VALUE]... create|subscribe|exists|where MAILBOX...
//
// Keys: prefix, separator, flags ("\Seen $Label"), fsync, crlf, die-before N (the N-th system call
// of the seam ends the process with status 99), count yes (prints how many there were). Prints
// "stored MAILBOX PATH" for each store, after all of them are safe. Exit status: 0 done; 75 a
// temporary failure; 1 a mailbox that can't be opened.
#include "base/spool.h"
#include "base/text.h"
#include "store/commit.h"
#include "store/disk.h"
#include "store/storage.h"

#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

struct Arguments {
    std::string home;
    std::string location;
    std::map<std::string, std::string, std::less<>> keys;
    std::string command;
    std::vector<std::string> mailboxes;

    std::string key(std::string_view name, std::string missing = {}) const {
        auto found = keys.find(name);
        return found == keys.end() ? missing : found->second;
    }
};

Arguments read_arguments(int argc, char** argv) {
    std::vector<std::string> words(argv + 1, argv + argc);
    Arguments arguments;
    std::size_t i = 2;
    for (; i + 1 < words.size() && words[i].starts_with("--"); i += 2)
        arguments.keys[words[i].substr(2)] = words[i + 1];
    arguments.home = words.at(0);
    arguments.location = words.at(1);
    arguments.command = words.at(i);
    arguments.mailboxes.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
    return arguments;
}

store::StorageSettings settings_of(const Arguments& arguments) {
    store::StorageSettings settings{.home = arguments.home, .mail_location = arguments.location};
    settings.namespaces.push_back({.name = "inbox",
                                   .prefix = arguments.key("prefix"),
                                   .separator = arguments.key("separator"),
                                   .inbox = true});
    settings.autocreate = arguments.key("autocreate", "yes") == "yes";
    settings.autosubscribe = arguments.key("autosubscribe", "no") == "yes";
    settings.save_crlf = arguments.key("crlf") == "yes";
    if (auto seconds = base::parse_number<int>(arguments.key("lock-stale")))
        settings.lock_times.stale = std::chrono::seconds(*seconds);
    if (arguments.key("fsync") == "never") settings.fsync = store::FsyncMode::never;
    return settings;
}

int deliver(store::Storage& storage, const Arguments& arguments) {
    base::Spool spool;
    char buffer[65536];
    while (std::size_t got = base::read_some(STDIN_FILENO, buffer, sizeof buffer, "stdin"))
        spool.append({buffer, got});
    spool.seal();
    std::string flag_text = arguments.key("flags");
    std::vector<std::string> flags;
    for (std::string_view flag : base::words(flag_text))
        flags.emplace_back(flag);
    std::vector<store::Store> stores;
    for (const std::string& name : arguments.mailboxes) {
        auto mailbox = storage.open(name);
        if (!mailbox) {
            std::printf("%s\n", mailbox.error().text.c_str());
            return 1;
        }
        stores.push_back({.mailbox = *mailbox,
                          .content = store::Content(spool),
                          .flags = store::parse_flags(flags)});
    }
    for (const store::Stored& stored : store::commit(storage, std::move(stores)))
        std::printf("stored %s %s\n", stored.mailbox.c_str(), stored.path.c_str());
    return 0;
}

int work_on_mailboxes(store::Storage& storage, const Arguments& arguments) {
    for (const std::string& name : arguments.mailboxes) {
        if (arguments.command == "exists") {
            std::printf("%s\n", storage.exists(name) ? "yes" : "no");
            continue;
        }
        if (arguments.command == "where") {
            auto path = storage.locate(name);
            std::printf("%s\n", path ? path->directory.c_str() : path.error().text.c_str());
            continue;
        }
        auto mailbox = storage.create(
            name, arguments.command == "subscribe" ? store::Subscribe::yes : store::Subscribe::no);
        if (!mailbox) {
            std::printf("%s\n", mailbox.error().text.c_str());
            return 1;
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Arguments arguments = read_arguments(argc, argv);
        store::FileSystem files;
        store::Syncer sync(files);
        store::MessageNames names(base::system_clock(), store::MessageNames::local_host());
        store::Disk disk{files, sync, names, base::system_clock()};
        auto storage = store::Storage::make(disk, settings_of(arguments));
        if (!storage) {
            std::printf("%s\n", storage.error().text.c_str());
            return 75;
        }
        return arguments.command == "deliver" ? deliver(*storage, arguments)
                                              : work_on_mailboxes(*storage, arguments);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
        return 75;
    }
}
