// SPDX-License-Identifier: MIT
#include "store/directories.h"

#include "base/error.h"
#include "store/file_system.h"

#include <cerrno>
#include <fcntl.h>
#include <vector>

namespace store {
namespace {

constexpr std::string_view subdirectories[] = {"/cur", "/new", "/tmp"};
constexpr std::string_view folder_marker = "/maildirfolder";

bool is_directory(const std::optional<struct stat>& status) {
    return status && S_ISDIR(status->st_mode);
}

std::string parent_of(const std::string& path) {
    std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

// Makes one directory whose parent is there, and syncs the parent.
void make_one(FileSystem& files, const std::string& path, const Permissions& permissions,
              bool durable) {
    if (!make_directory(files, path, permissions) && !is_directory(files.status(path)))
        base::throw_error(ENOTDIR, "mkdir", path);
    if (durable) files.sync_directory(parent_of(path));
}

struct stat require_directory(FileSystem& files, const std::string& path) {
    auto status = files.status(path);
    if (!is_directory(status)) base::throw_error(status ? ENOTDIR : ENOENT, "stat", path);
    return *status;
}

// What a new Maildir++ mailbox inherits from: the nearest parent that exists, else the root.
Permissions inherited(FileSystem& files, const MailboxPath& path) {
    const Location& location = path.space->location;
    for (std::string name = path.storage_name; name.find('.') != std::string::npos;) {
        name.resize(name.rfind('.'));
        if (auto status = files.status(location.root + "/." + name); is_directory(status))
            return Permissions::of(*status);
    }
    return Permissions::of(require_directory(files, location.root));
}

void make_marker(FileSystem& files, const std::string& directory, const Permissions& permissions) {
    std::string path = directory + std::string(folder_marker);
    if (auto fd = files.create_new(path, permissions.creation_mode())) {
        give_permissions(files, fd->get(), path, permissions);
        files.close(std::move(*fd), path);
    }
}

void make_plus_plus(FileSystem& files, const MailboxPath& path, bool durable) {
    const Location& location = path.space->location;
    bool root_is_inbox = path.space->inbox && location.inbox.empty();
    if (!is_directory(files.status(location.root))) {
        make_directory_chain(files, location.root, location.root, durable);
        if (root_is_inbox && !path.is_inbox) {
            auto made = Permissions::of(require_directory(files, location.root));
            make_subdirectories(files, location.root, made, durable);
        }
    }
    if (path.directory != location.root) {
        if (path.is_inbox) {
            make_directory_chain(files, path.directory, path.directory, durable);
        } else {
            make_one(files, path.directory, inherited(files, path), durable);
        }
    }
    auto permissions = Permissions::of(require_directory(files, path.directory));
    make_marker(files, path.directory, permissions);
    make_subdirectories(files, path.directory, permissions, durable);
}

void make_fs(FileSystem& files, const MailboxPath& path, bool durable) {
    bool own_inbox = path.is_inbox && path.directory == path.space->location.inbox;
    make_directory_chain(files, path.directory,
                         own_inbox ? path.directory : path.space->location.root, durable);
    auto permissions = Permissions::of(require_directory(files, path.directory));
    make_subdirectories(files, path.directory, permissions, durable);
}

std::chrono::seconds seconds_of(const timespec& time) {
    return std::chrono::seconds(time.tv_sec);
}

}  // namespace

bool mailbox_exists(FileSystem& files, const MailboxPath& path) {
    switch (path.space->location.layout) {
        case Layout::maildir_plus_plus:
            return is_directory(files.status(path.directory));
        case Layout::fs:
            return is_directory(files.status(path.directory + "/cur"));
    }
    return false;
}

void make_mailbox_directories(FileSystem& files, const MailboxPath& path, bool durable) {
    switch (path.space->location.layout) {
        case Layout::maildir_plus_plus:
            make_plus_plus(files, path, durable);
            break;
        case Layout::fs:
            make_fs(files, path, durable);
            break;
    }
}

void make_subdirectories(FileSystem& files, const std::string& directory,
                         const Permissions& permissions, bool durable) {
    for (std::string_view subdirectory : subdirectories) {
        std::string path = directory + std::string(subdirectory);
        if (!make_directory(files, path, permissions) && !is_directory(files.status(path)))
            base::throw_error(ENOTDIR, "mkdir", path);
    }
    if (durable) files.sync_directory(directory);
}

void make_control_directory(FileSystem& files, const MailboxPath& path,
                            const Permissions& permissions, bool durable) {
    if (path.control_directory == path.directory) return;
    const std::string& directory = path.control_directory;
    if (is_directory(files.status(directory))) return;
    make_directory_chain(files, parent_of(directory), path.space->location.control, durable);
    make_one(files, directory, permissions, durable);
}

void make_directory_chain(FileSystem& files, const std::string& directory, const std::string& root,
                          bool durable) {
    // Up to the first that is there, then down again.
    std::vector<std::string> missing;
    std::string path = directory;
    std::optional<struct stat> parent = files.status(path);
    while (!is_directory(parent)) {
        if (parent) base::throw_error(ENOTDIR, "mkdir", path);
        if (path == "/") base::throw_error(ENOENT, "stat", path);
        missing.push_back(path);
        path = parent_of(path);
        parent = files.status(path);
    }
    for (auto next = missing.rbegin(); next != missing.rend(); ++next) {
        bool below = next->starts_with(root + "/");
        make_one(files, *next, below ? Permissions::of(*parent) : Permissions::under(*parent),
                 durable);
        parent = require_directory(files, *next);
    }
}

void sweep_tmp(FileSystem& files, const std::string& tmp, const struct stat& status,
               base::WallTime now, std::chrono::seconds interval) noexcept {
    using namespace std::chrono;
    try {
        auto accessed = seconds_of(status.st_atim);
        auto wall = duration_cast<seconds>(now.time_since_epoch());
        // Nothing was put into it since the last sweep could tell, or that was not long ago.
        if (accessed > seconds_of(status.st_ctim) + tmp_file_age) return;
        if (interval.count() == 0 || accessed > wall - interval) return;
        files.set_times(tmp, now);
        files.walk(tmp, [&](std::string_view name) {
            std::string path = tmp + "/" + std::string(name);
            auto found = files.link_status(path);
            if (found && !S_ISDIR(found->st_mode) &&
                seconds_of(found->st_ctim) + tmp_file_age < wall)
                files.unlink(path);
            return true;
        });
    } catch (const std::exception&) {
        // A later delivery tries again.
    }
}

}  // namespace store
