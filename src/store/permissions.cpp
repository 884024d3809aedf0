// SPDX-License-Identifier: MIT
#include "store/permissions.h"

#include "store/file_system.h"

#include <unistd.h>

namespace store {
namespace {

// The group's bits lowered to those of others.
mode_t without_group(mode_t mode) {
    return (mode & ~mode_t{0070}) | ((mode & 0007) << 3);
}

}  // namespace

Permissions Permissions::of(const struct stat& directory) {
    Permissions permissions;
    permissions.file_mode = (directory.st_mode & 0666) | 0600;
    permissions.directory_mode = (directory.st_mode & 0777) | 0700;
    // With set-group-id the kernel hands the group down. Where group and others may do the same,
    // the group makes no difference.
    bool inherited = (directory.st_mode & S_ISGID) != 0 || directory.st_gid == ::getegid();
    bool matters = (directory.st_mode >> 3 & 7) != (directory.st_mode & 7);
    if (!inherited && matters) permissions.group = directory.st_gid;
    return permissions;
}

Permissions Permissions::under(const struct stat& parent) {
    return (parent.st_mode & S_ISGID) != 0 ? of(parent) : Permissions{};
}

void give_permissions(FileSystem& files, int fd, const std::string& path,
                      const Permissions& permissions) {
    mode_t mode = permissions.file_mode;
    if (permissions.group && !files.set_group(path, *permissions.group)) mode = without_group(mode);
    if (mode != 0600) files.set_mode(fd, mode, path);
}

bool make_directory(FileSystem& files, const std::string& path, const Permissions& permissions) {
    if (!permissions.group) return files.make_directory(path, permissions.directory_mode);
    if (!files.make_directory(path, without_group(permissions.directory_mode))) return false;
    if (files.set_group(path, *permissions.group))
        files.set_directory_mode(path, permissions.directory_mode);
    return true;
}

}  // namespace store
