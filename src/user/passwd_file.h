// SPDX-License-Identifier: MIT
// The passwd-file driver: "user:password:uid:gid:(gecos):home:(shell):extra fields" lines
// (compat 1.7). The file is read again when its mtime, size or inode change. The first look-up
// scans the text (an LDA makes no other); from the second on an index is used. Thread-safe.
#pragma once

#include "user/block.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace user {

class PasswdFile final : public UserDb {
  public:
    static constexpr std::size_t max_file_bytes = 512u << 20;
    static constexpr std::size_t max_cached_files = 64;  // a path with %d names one file a domain

    // `args`: "[scheme=X] [username_format=FORMAT] PATH". Throws std::invalid_argument where PATH
    // is missing.
    PasswdFile(std::string_view args, Expand expand);
    ~PasswdFile() override;

    // Fields are uid, gid, home and the userdb_ fields of the eighth column. A missing file is an
    // unknown user where its path holds variables, else a failure.
    Lookup find(const Request& request) override;
    // Whether the user has a line: what a passdb look-up without a password answers.
    Lookup exists(const Request& request);

  private:
    struct Content;
    std::shared_ptr<Content> content(const std::string& path);
    Lookup look_up(const Request& request, bool with_fields);

    std::string path_;
    std::string username_format_ = "%u";
    Expand expand_;
    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<Content>> files_;
};

}  // namespace user
