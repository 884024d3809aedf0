// SPDX-License-Identifier: MIT
// Names of message files: SECS.M<usecs>P<pid>.HOST (compat 5.2). Strictly rising within a process,
// also while the clock stands or steps back; processes and hosts differ by pid and host, and a name
// that is taken nevertheless is skipped by whoever creates the file. Thread-safe; one object a
// process, since it remembers the last name.
#pragma once

#include "base/clock.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace store {

class MessageNames {
  public:
    // `host` as local_host() gives it.
    MessageNames(const base::Clock& clock, std::string host);

    // A name never given before by this object.
    std::string next();

    const std::string& host() const { return host_; }

    // DOVECOT_HOSTNAME, else gethostname(2); '/' and ':' written as \057 and \072 (they have a
    // meaning in file names).
    static std::string local_host();

  private:
    const base::Clock& clock_;
    std::string host_;
    std::atomic<std::int64_t> last_micros_{0};
};

}  // namespace store
