// SPDX-License-Identifier: MIT
#include "store/quota_file.h"

#include "store/file_system.h"

#include <exception>
#include <fcntl.h>

namespace store {

void add_to_quota_file(FileSystem& files, const std::string& file, std::uint64_t bytes,
                       std::uint64_t count) noexcept {
    try {
        // A FIFO in its place without a reader is an error, not a wait.
        auto fd = files.open_existing(file, O_WRONLY | O_APPEND | O_NONBLOCK);
        if (!fd) return;
        files.write(fd->get(), std::to_string(bytes) + " " + std::to_string(count) + "\n", file);
    } catch (const std::exception&) {
        // The next recalculation counts what is missing.
    }
}

}  // namespace store
