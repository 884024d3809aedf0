// SPDX-License-Identifier: MIT
// The actions that let something go out: redirect, pipe, reject, vacation, notify, report
// (sieve-compat 3.9 to 3.11, 3.14). Each writes its log line and its entry in the record and says
// how it went. Used by carry_out.cpp alone; one object per delivery.
#pragma once

#include "base/waiting_slots.h"
#include "deliver/outgoing.h"
#include "deliver/redirect.h"
#include "sieve/action.h"

#include <chrono>
#include <string>
#include <string_view>

namespace deliver {

struct ScriptFile;
struct MessageText;
struct Task;

enum class ActionResult {
    done,
    skipped,    // on purpose; what it would have cancelled stays in force
    failed,     // becomes an implicit keep
    temporary,  // the mail server may want it later
};

class Sending {
  public:
    explicit Sending(Task& task);

    // Before the first redirect or pipe: false where too many deliveries of this process are
    // sending already (base/waiting_slots.h). What is sent without it reserves by itself.
    bool reserve();
    // Whether the redirect would go in a circle or was made before: then it is skipped.
    bool would_skip(const sieve::Redirect& redirect) const;
    // Tells what would_skip() found.
    void tell_skipped(const sieve::Redirect& redirect, const sieve::Origin& origin);
    // `message`: as it was when the script decided this.
    ActionResult redirect(const sieve::Redirect& redirect, const MessageText& message,
                          const sieve::Origin& origin, const ScriptFile* script);
    ActionResult pipe(const sieve::Pipe& pipe, const MessageText& message,
                      const sieve::Origin& origin, const ScriptFile* script);
    // By a message to the sender (RFC 5429 §2.2), where one may be sent.
    ActionResult reject_by_message(const sieve::Reject& reject, const sieve::Origin& origin);
    // A reply that cannot be sent is no failure of the delivery (sieve-compat 3.9). It is
    // remembered before it is sent: one that would go out again with every message does not go.
    void vacation(const sieve::Vacation& vacation, const MessageText& message,
                  const sieve::Origin& origin);
    // One that cannot be sent is no failure either, and is not tried again (RFC 5436 §2.7).
    void notify(const sieve::Notify& notify, const MessageText& message,
                const sieve::Origin& origin);
    // Likewise (vnd.dovecot.report).
    void report(const sieve::Report& report, const MessageText& message,
                const sieve::Origin& origin);
    bool sent_anything() const { return !sent_to_.empty(); }
    // Where the delivery fails nevertheless: what went out already, for the log.
    void tell_sent_before_failure() const;

  private:
    std::string address_setting(const char* name, const char* usual) const;
    std::string report_author() const;
    bool was_replied_by_dovecot(const sieve::Vacation& vacation) const;
    std::string redirect_key(const sieve::Redirect& redirect) const;
    bool is_duplicate(const sieve::Redirect& redirect) const;
    Sent send(const Letter& letter);

    Task& task_;
    base::WaitingSlots::Slot slot_;
    OutgoingSettings outgoing_;
    OwnAddresses own_;
    std::string sent_to_;  // "<a@x>, program `b'"
    bool all_remembered_ = true;
};

// "<dovecot-sieve-SECONDS-MICROSECONDS-N@host>", different at each call.
std::string next_message_id(const Task& task);

}  // namespace deliver
