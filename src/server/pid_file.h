// SPDX-License-Identifier: MIT
// BASE/master.pid (compat 1.4): one server an instance. Removed by the destructor, as far as the
// process still may.
#pragma once

#include <string>

namespace server {

class PidFile {
  public:
    // Makes base_dir where it is missing and writes our pid. Throws std::runtime_error with
    // Dovecot's text where the pid that stands there is a running server's, std::system_error where
    // the file cannot be written.
    explicit PidFile(const std::string& base_dir);
    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;
    ~PidFile();

  private:
    std::string path_;
};

}  // namespace server
