// SPDX-License-Identifier: MIT
// Names of message files: SECS.M<usecs>P<pid>R<random>.HOST (compat 5.2, and the letter R of the
// Maildir's definition, https://cr.yp.to/proto/maildir.html). Strictly rising within a process,
// also while the clock stands or steps back. Processes and hosts differ by pid and host, and where
// these come again (the clock stepped back; containers) by 64 random bits. A name that is taken
// nevertheless is skipped by whoever creates the file; but that sees one directory, and a message
// may lie in cur/ already. Thread-safe; one object a process, since it remembers the last name.
#pragma once

#include "base/clock.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace store {

class MessageNames {
  public:
    // `host` as local_host() gives it; `random` of hexadecimal digits.
    MessageNames(const base::Clock& clock, std::string host, std::string random = random_digits());

    // A name never given before by this object.
    std::string next();

    const std::string& host() const { return host_; }

    // DOVECOT_HOSTNAME, else gethostname(2); '/' and ':' written as \057 and \072 (they have a
    // meaning in file names).
    static std::string local_host();
    // 64 bits. Throws std::system_error.
    static std::string random_digits();

  private:
    const base::Clock& clock_;
    std::string host_;
    std::string tail_;  // what all names of this object end with
    std::atomic<std::int64_t> last_micros_{0};
};

}  // namespace store
