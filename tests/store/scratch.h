// SPDX-License-Identifier: MIT
// A directory of a test's own, removed with it, and what lies in Maildirs under it.
#pragma once

#include "base/clock.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdlib.h>
#include <string>

namespace testing {

class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "tamis-store.XXXXXX");
        path_ = ::mkdtemp(pattern.data());
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

inline std::string read_whole(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_whole(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

// Names in a directory; none where it does not exist.
inline std::multiset<std::string> names_in(const std::filesystem::path& directory) {
    std::multiset<std::string> names;
    if (std::filesystem::exists(directory)) {
        for (const auto& entry : std::filesystem::directory_iterator(directory))
            names.insert(entry.path().filename());
    }
    return names;
}

// What a reader sees in a mailbox: contents of the files in new/ and cur/.
inline std::multiset<std::string> messages_in(const std::filesystem::path& mailbox) {
    std::multiset<std::string> messages;
    for (const char* part : {"new", "cur"}) {
        for (const std::string& name : names_in(mailbox / part))
            messages.insert(read_whole(mailbox / part / name));
    }
    return messages;
}

// Stands still until it is told otherwise.
class SetClock : public base::Clock {
  public:
    base::WallTime now() const override { return time; }
    base::WallTime time{std::chrono::seconds(1795300031)};
};

}  // namespace testing
