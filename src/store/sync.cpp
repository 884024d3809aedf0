// SPDX-License-Identifier: MIT
#include "store/sync.h"

#include "store/file_system.h"

#include <algorithm>

namespace store {

void Syncer::sync_files(std::span<const OpenFile> files) {
    if (files.size() > 1) {
        for (const OpenFile& file : files)
            files_.start_writing(file.fd);
    }
    for (const OpenFile& file : files)
        files_.sync(file.fd, *file.path);
}

void Syncer::sync_directories(std::span<const std::string> directories) {
    for (auto directory = directories.begin(); directory != directories.end(); ++directory) {
        if (std::find(directories.begin(), directory, *directory) == directory)
            files_.sync_directory(*directory);
    }
}

}  // namespace store
