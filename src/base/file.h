// SPDX-License-Identifier: MIT
// Whole small files: reading with a cap, replacing atomically. Message files are store's business,
// not this one's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// What else than a regular file is read. One that a user might have put there is not: a pipe would
// be waited for.
enum class OtherFiles { refused, read };

// The file's bytes; nothing when it does not exist (ENOENT, ENOTDIR). Throws std::system_error for
// every other failure, EFBIG where it holds more than `max_bytes`, EISDIR for a directory, EINVAL
// for what is refused.
std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes,
                                     OtherFiles others = OtherFiles::refused);

// Writes a temporary file in the same directory and renames it over `path`. Not fsynced: for caches
// only. Throws std::system_error.
void replace_file(const std::string& path, std::string_view bytes, unsigned mode);
// The same for a file that a user names: what stands there and is no regular file (/dev/null, a
// pipe) is written to, not replaced.
void write_output(const std::string& path, std::string_view bytes, unsigned mode);
// New content for a file that is there, in one step and synced: a link is followed, owner and mode
// stay. Throws std::system_error, also where the owner cannot be kept.
void rewrite_file(const std::string& path, std::string_view bytes);

// Renames a file of at least `limit_bytes` to `old_path`, replacing that. Of several processes that
// see it too large at once, one does it. Failures are nobody's concern: the next one tries again.
void rotate_file(const std::string& path, const std::string& old_path,
                 std::size_t limit_bytes) noexcept;

// mkdir -p with `mode` for each missing part. Throws std::system_error.
void make_directories(const std::string& path, unsigned mode);

}  // namespace base
