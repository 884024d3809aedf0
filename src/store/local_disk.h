// SPDX-License-Identifier: MIT
// The machine's own file system as a Disk, for programs: all that one is made of, in one place.
#pragma once

#include "base/clock.h"
#include "store/disk.h"

namespace store {

class LocalDisk {
  public:
    LocalDisk() = default;
    LocalDisk(const LocalDisk&) = delete;
    LocalDisk& operator=(const LocalDisk&) = delete;

    Disk& disk() { return disk_; }

  private:
    FileSystem files_;
    Syncer sync_{files_};
    MessageNames names_{base::system_clock(), MessageNames::local_host()};
    Disk disk_{files_, sync_, names_, base::system_clock()};
};

}  // namespace store
