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

    // Taken from an existing directory's status.
    static Permissions of(const struct stat& directory);
};

}  // namespace store
