// SPDX-License-Identifier: MIT
// The delivery agent: recipient -> user, and Envelope + message + user -> Disposition. Built once a
// process from the configuration that applies to its protocol; the LDA uses it for one message,
// LMTP from many worker threads at once (every public function is thread-safe). It never throws for
// what happens to one recipient: the unplanned is logged with its cause and answered as temporary.
// Order and atomicity of a delivery: design.md 4; Sieve: RFC 5228 §2.10.
#pragma once

#include "base/result.h"
#include "deliver/disposition.h"
#include "deliver/envelope.h"
#include "user/user.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace base {
class Spool;
class WaitingSlots;
}  // namespace base
namespace config {
class Configuration;
}
namespace mail {
struct Path;
}
namespace store {
struct Disk;
}

namespace deliver {

enum class Protocol { lda, lmtp };

class Deadline;
struct UserSettings;

// A recipient that exists, with the settings that hold for its user. Cheap to copy; immutable.
struct Recipient {
    user::User user;
    std::string address;  // final recipient as given, for headers, replies and logs
    std::string detail;   // what followed the recipient_delimiter; empty where there is none
    // Where keep stores: INBOX, the detail's mailbox (lmtp_save_to_detail_mailbox) or -m.
    std::string default_mailbox = "INBOX";
    std::shared_ptr<const UserSettings> settings;
};

class Agent {
  public:
    // All references outlive the agent, and so does what bounds the deliveries that wait for mail
    // programs, if anything does. Throws config's errors where a setting that holds for all users
    // cannot work.
    Agent(const config::Configuration& configuration, Protocol protocol, user::UserDb& users,
          store::Disk& disk, base::WaitingSlots* sending_slots = nullptr);
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;
    ~Agent();

    // RCPT TO (LMTP): the part before the recipient_delimiter is the user's name, what follows the
    // detail; then auth_username_* apply. Refusals: unknown user 550 5.1.1, a name that would be an
    // unsafe path component 550 5.1.3, a look-up that failed 451 4.3.0. Of the envelope the
    // session, the client's address and (for variables) the sender are used.
    base::Result<Recipient, Disposition> find_recipient(const mail::Path& address,
                                                        const Envelope& envelope);
    // -d NAME (LDA): no delimiter is looked for; else as above.
    base::Result<Recipient, Disposition> find_user(std::string_view name, const Envelope& envelope);
    // A user that needs no look-up: the LDA without -d takes name and home from the environment.
    base::Result<Recipient, Disposition> as_recipient(user::User user, const Envelope& envelope);

    // Everything for one recipient: scripts, stores, what goes out, log line, record. The spool is
    // sealed and holds the message as it is to be stored (added header fields included). Blocks;
    // fsyncs of concurrent calls are shared. A `deadline` outlives the call.
    Disposition deliver(const Recipient& recipient, const Envelope& envelope,
                        const base::Spool& spool, Deadline* deadline = nullptr);

    // Where this user's delivery records may be (deliver/record_file.h).
    std::vector<std::string> record_paths(const Recipient& recipient) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace deliver
