// SPDX-License-Identifier: MIT
// One user's mail: the namespaces and what may be done with their mailboxes (compat 5, 9.3). The
// object looks at the disk at each call and keeps nothing open; it is used by one thread at a time,
// and any number of processes and hosts may work on the same directories.
#pragma once

#include "base/result.h"
#include "store/annotations.h"
#include "store/dot_lock.h"
#include "store/location.h"
#include "store/mailbox.h"
#include "store/mailbox_name.h"
#include "store/sync.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct Disk;

// A namespace block with its variables expanded.
struct NamespaceSettings {
    std::string name;
    std::string prefix;
    std::string separator;  // empty: the storage's
    std::string location;   // empty: mail_location
    bool inbox = false;
    bool subscriptions = true;
    bool disabled = false;
    bool listed = true;                       // list; what is not listed may have any prefix
    std::vector<std::string> auto_create;     // mailbox names, relative to the prefix
    std::vector<std::string> auto_subscribe;  // (these are created too)
    std::vector<SpecialUse> special_uses;
};

struct StorageSettings {
    std::string home;                                        // absolute, or empty
    std::string mail_location;                               // empty: autodetection
    std::vector<NamespaceSettings> namespaces;               // empty: one with inbox=yes
    FsyncMode fsync = FsyncMode::optimized;                  // mail_fsync
    bool save_crlf = false;                                  // mail_save_crlf
    bool autocreate = false;                                 // lda_mailbox_autocreate
    bool autosubscribe = false;                              // lda_mailbox_autosubscribe
    std::chrono::seconds temp_scan_interval{7 * 24 * 3600};  // mail_temp_scan_interval
    bool quota_file = false;  // a quota root of the maildir backend: maildirsize is kept up to date
    DotLockTimes lock_times;  // for keywords and subscriptions (mail_max_lock_timeout)
    std::string annotations_file;  // store/annotations.h; empty: there are none
};

// Why a mailbox could not be opened; `text` as Dovecot words it ("Mailbox doesn't exist: x").
struct OpenFailure {
    enum class Reason { missing, invalid_name };
    Reason reason = Reason::missing;
    std::string text;
};

enum class CreateMailbox { as_configured, always, never };
enum class Subscribe { yes, no };

class Storage {
  public:
    // Finds locations and checks the namespaces. A setting that cannot work is an error with
    // Dovecot's text; throws std::system_error where autodetection can't look.
    static base::Result<Storage, LocationError> make(Disk& disk, StorageSettings settings);

    const StorageSettings& settings() const { return settings_; }
    const std::vector<Namespace>& namespaces() const { return *namespaces_; }
    // Where a mailbox is; looks at no disk.
    base::Result<MailboxPath, NameError> locate(std::string_view name) const {
        return locate_mailbox(*namespaces_, name);
    }
    Disk& disk() const { return *disk_; }

    // INBOX always exists, as do mailboxes with auto = create. False for invalid names. Throws
    // std::system_error where it can't be known.
    bool exists(std::string_view name) const;

    // Names of mailboxes that exist and have this special-use attribute (RFC 6154, ASCII case
    // ignored), in the order of the configuration.
    std::vector<std::string> special_use_mailboxes(std::string_view use) const;

    // Names of the mailboxes that exist: INBOX, then the others of each namespace, sorted. At most
    // max_listed_mailboxes.
    std::vector<std::string> mailboxes() const;
    // Names of mailboxes by their ids (store/mailbox_id.h); those without one are left out. Throws
    // std::system_error.
    std::map<std::string, std::string, std::less<>> mailboxes_by_id() const;

    // All annotations of the user (store/annotations.h), and under which key one of a mailbox, or
    // of the server, stands: nothing where the mailbox has no id, the entry no valid name, or
    // annotations no file. Both throw std::system_error.
    Annotations annotations() const;
    std::optional<std::string> annotation_key(std::optional<std::string_view> mailbox,
                                              std::string_view entry) const;
    // Writes one, or removes it where `value` is absent. False where it has no key.
    bool set_annotation(std::optional<std::string_view> mailbox, std::string_view entry,
                        std::optional<std::string_view> value);

    // A mailbox, ready for a Draft. Missing ones are created as `create_if` says: INBOX (with its
    // root and home) and auto = create mailboxes in any case but `never`. Sweeps what a crash left
    // in tmp/ when it is time (compat 5.10). Throws std::system_error for what nobody planned.
    base::Result<Mailbox, OpenFailure> open(std::string_view name,
                                            CreateMailbox create_if = CreateMailbox::as_configured);

    // Creates a mailbox; one that exists already (also since another process was quicker) is fine.
    // What it makes is durable unless fsync is `never`.
    base::Result<Mailbox, OpenFailure> create(std::string_view name, Subscribe subscribe);

    // Where the files of the whole user lie: CONTROL= of the namespace with inbox = yes, else its
    // root.
    const std::string& control_root() const;
    // Makes it where it is missing (the root with INBOX in it). Throws std::system_error.
    void make_control_root();

    // Adds to maildirsize of the namespace with inbox = yes, where settings want that.
    void count_for_quota(std::uint64_t bytes, std::uint64_t messages);

    // Adds the name to the namespace's subscriptions file; nothing where it stands there already.
    void subscribe(const MailboxPath& path);

  private:
    const Location& inbox_location() const;
    Storage(Disk& disk, StorageSettings settings, std::vector<Namespace> namespaces);
    bool durable() const { return settings_.fsync != FsyncMode::never; }
    std::optional<Mailbox> open_existing(const MailboxPath& path);
    base::Result<Mailbox, OpenFailure> open_at(const MailboxPath& path, CreateMailbox create_if);
    base::Result<Mailbox, OpenFailure> create_at(const MailboxPath& path, Subscribe subscribe_it);

    Disk* disk_;
    StorageSettings settings_;
    // Behind a pointer: MailboxPath refers into it while the Storage may move.
    std::shared_ptr<const std::vector<Namespace>> namespaces_;
};

}  // namespace store
