// SPDX-License-Identifier: MIT
// Who asks about an id and means to act on the answer keeps others from asking about the same one
// meanwhile: a lock on one octet of a file, chosen by the id (fcntl(2), F_OFD_SETLK), which a crash
// gives up. Between threads as between processes; one thread an object.
#pragma once

#include "base/fd.h"

#include <functional>
#include <string>
#include <string_view>

namespace memory {

class IdLocks {
  public:
    // The file is made at the first try.
    explicit IdLocks(std::string path) : path_(std::move(path)) {}

    // Until the object ends; false: another has it. Throws std::system_error where the file cannot
    // be made or locked. `make_room` is called where its directory is missing.
    bool try_hold(std::string_view id, const std::function<void()>& make_room);

  private:
    void open(const std::function<void()>& make_room);

    std::string path_;
    base::Fd fd_;
};

}  // namespace memory
