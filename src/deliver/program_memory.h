// SPDX-License-Identifier: MIT
// Compiled scripts in the memory of a process that delivers many messages, by path. An entry counts
// without reading the script again while the file's status is what it was, once a second reading
// some time after the first has shown that the status can be trusted (a change within the
// resolution of time stamps does not show in it). Bounded; the least recently used goes first.
// Thread-safe.
#pragma once

#include "sieve/extension_set.h"
#include "sieve/program/binary.h"
#include "sieve/program/program.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unordered_map>

namespace deliver {

class ScriptSource;

// What tells one state of a file from another.
struct FileStamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    bool operator==(const FileStamp&) const = default;
    static FileStamp of(const struct stat& status);
};

struct KnownProgram {
    sieve::Program program;
    std::shared_ptr<const ScriptSource> source;
};

class ProgramMemory {
  public:
    explicit ProgramMemory(std::size_t capacity) : capacity_(capacity) {}

    // Looks at the file's status only; nothing where the script must be read.
    std::optional<KnownProgram> find(const std::string& path,
                                     const sieve::AllowedExtensions& allowed);
    // The script has been read: the program where its content is what it was.
    std::optional<KnownProgram> confirm(const std::string& path,
                                        const sieve::AllowedExtensions& allowed,
                                        const FileStamp& stamp, const sieve::SourceHash& hash);
    void keep(const std::string& path, const sieve::AllowedExtensions& allowed,
              const FileStamp& stamp, const KnownProgram& known);
    void forget(const std::string& path);
    std::size_t size() const;

    // Of all programs together; a larger one is not kept.
    static constexpr std::size_t max_octets = std::size_t{256} << 20;
    // From the first reading to the one that settles the status.
    static constexpr std::chrono::seconds settling_time{3};

  private:
    using Steady = std::chrono::steady_clock;
    struct Entry {
        std::string path;
        FileStamp stamp;
        Steady::time_point first_read;
        bool settled = false;
        sieve::AllowedExtensions allowed;
        KnownProgram known;
    };
    using Entries = std::list<Entry>;  // most recently used first

    Entry* entry(const std::string& path, const sieve::AllowedExtensions& allowed);
    void drop(const std::string& path);

    std::size_t capacity_;
    std::size_t octets_ = 0;
    mutable std::mutex mutex_;
    Entries entries_;
    std::unordered_map<std::string_view, Entries::iterator> index_;  // keys are the entries' paths
};

}  // namespace deliver
