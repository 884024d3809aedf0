// SPDX-License-Identifier: MIT
// Modes and group of new files and directories, inherited from the directory that they belong to,
// as Dovecot does (compat 5.1). Plain data; safe to copy.
#pragma once

#include <optional>
#include <string>
#include <sys/stat.h>
#include <sys/types.h>

namespace store {

class FileSystem;

struct Permissions {
    mode_t file_mode = 0600;
    mode_t directory_mode = 0700;
    std::optional<gid_t> group;  // to be set where the kernel would not give it by itself

    // What open(2) is told: nothing for a group as long as the group is not the right one.
    mode_t creation_mode() const { return group ? mode_t{0600} : file_mode; }

    // Taken from an existing directory's status.
    static Permissions of(const struct stat& directory);
    // For what is made in a directory that is no mail directory itself (the home above a mail
    // root): its mode where it has set-group-id, else private.
    static Permissions under(const struct stat& parent);
};

// Sets group and mode of a file just created with `file_mode`, against umask. Where the process may
// not set the group, what only that group should have is not given to another one.
void give_permissions(FileSystem& files, int fd, const std::string& path,
                      const Permissions& permissions);

// Makes a directory and gives it the group. False where it exists already.
bool make_directory(FileSystem& files, const std::string& path, const Permissions& permissions);

}  // namespace store
