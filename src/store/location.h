// SPDX-License-Identifier: MIT
// mail_location and a namespace's location: "maildir:~/Maildir:LAYOUT=fs:INDEX=/srv/i" as a struct
// (compat 5.9). %variables are expanded by the caller before. Pure text; only autodetection looks
// at the disk.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace store {

class FileSystem;

enum class Layout { maildir_plus_plus, fs };

struct Location {
    Layout layout = Layout::maildir_plus_plus;
    // Absolute directories without a slash at their end.
    std::string root;
    std::string inbox;    // INBOX=, else empty
    std::string control;  // CONTROL=, else empty
    std::string index;    // INDEX=, else empty; "MEMORY" for none
    std::string volatile_directory;
    std::string directory_name;  // DIRNAME=
    std::string mailbox_prefix;  // MAILBOXDIR=
    std::string subscriptions = "subscriptions";
    char broken_char = '\0';           // BROKENCHAR=
    bool utf8 = false;                 // UTF-8: names are stored as they are, not in modified UTF-7
    bool full_directory_name = false;  // FULLDIRNAME=: control directories have it too
    bool operator==(const Location&) const = default;
};

// A mistake in the setting; `text` is for log and configuration check.
struct LocationError {
    std::string text;
    bool foreign = false;  // a format that Dovecot has and we don't; all else is well
};

// `home` is the user's home, absolute or empty. Unknown drivers and those of other formats (mbox,
// sdbox, ...) are errors that name the driver. Keys that are about indexes and caches are accepted.
base::Result<Location, LocationError> parse_location(std::string_view text, std::string_view home);

// What an empty mail_location means: ~/Maildir where ~/Maildir/cur exists; an error otherwise, as
// Dovecot words it. Throws std::system_error where the disk can't be asked.
base::Result<Location, LocationError> detect_location(FileSystem& files, std::string_view home);

}  // namespace store
