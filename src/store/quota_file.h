// SPDX-License-Identifier: MIT
// maildirsize (compat 5.7): the running sum of a Maildir++ quota. A delivery only adds its line to
// a file that is there; making the file, recalculating and enforcing are not this file's business.
// The sum can be recalculated at any time, so it is neither synced nor a reason for a delivery to
// fail.
#pragma once

#include <cstdint>
#include <string>

namespace store {

class FileSystem;

// Appends "BYTES COUNT" in one write, so that any number of processes may. Nothing happens where
// the file is missing or can't be written.
void add_to_quota_file(FileSystem& files, const std::string& file, std::uint64_t bytes,
                       std::uint64_t count) noexcept;

}  // namespace store
