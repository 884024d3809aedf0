// SPDX-License-Identifier: MIT
// What an LMTP session asks of the world: is this a recipient, and store this message. The session
// knows nothing else of users and mailboxes, so dialogues are tested with a backend of a few lines.
// Both functions are called by worker threads, several at once (check() in place where it cannot
// block). What they throw is logged and answered as a temporary failure, never as a bounce.
#pragma once

#include "deliver/disposition.h"
#include "deliver/envelope.h"

#include <memory>
#include <string>
#include <variant>

namespace base {
class Spool;
}
namespace mail {
struct Path;
}

namespace lmtp {

// A recipient that check() accepted.
struct Recipient {
    std::string user;                    // for the limit of concurrent deliveries
    std::shared_ptr<const void> handle;  // the backend's own, comes back with deliver()
};

// Accepted, or why not (its text follows "<address> " in the reply).
using Verdict = std::variant<Recipient, deliver::Disposition>;

class Backend {
  public:
    virtual ~Backend() = default;
    // Whether check() may wait for disk or network. If not, it is called without a worker thread.
    virtual bool check_may_block() const = 0;
    // Answers RCPT for `address`, which is envelope.recipient in its parts.
    virtual Verdict check(const mail::Path& address, const deliver::Envelope& envelope) = 0;
    // Stores the sealed `message` (headers of lmtp/trace.h included, LF line ends) for one
    // recipient. `delivered` only when it is on stable storage.
    virtual deliver::Disposition deliver(const deliver::Envelope& envelope,
                                         const Recipient& recipient,
                                         const base::Spool& message) = 0;
};

}  // namespace lmtp
