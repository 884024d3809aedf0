// SPDX-License-Identifier: MIT
// The actions that let something go out: redirect, pipe, reject, vacation (sieve-compat 3.9 to
// 3.11, 3.14). Each writes its log line and its entry in the record and says how it went. Used by
// carry_out.cpp alone; one object per delivery.
#pragma once

#include "deliver/outgoing.h"
#include "deliver/redirect.h"
#include "sieve/action.h"

#include <optional>
#include <string>

namespace deliver {

struct ScriptFile;
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

    // Whether the redirect would go in a circle or was made before: then it is skipped.
    bool would_skip(const sieve::Redirect& redirect) const;
    // Tells what would_skip() found.
    void tell_skipped(const sieve::Redirect& redirect, const sieve::Origin& origin);
    ActionResult redirect(const sieve::Redirect& redirect, const sieve::Origin& origin,
                          const ScriptFile* script);
    ActionResult pipe(const sieve::Pipe& pipe, const sieve::Origin& origin,
                      const ScriptFile* script);
    // By a message to the sender (RFC 5429 §2.2), where one may be sent.
    ActionResult reject_by_message(const sieve::Reject& reject, const sieve::Origin& origin);
    // A reply that cannot be sent is no failure of the delivery (sieve-compat 3.9).
    void vacation(const sieve::Vacation& vacation, const sieve::Origin& origin);

    // Remembers what was sent. Called when all has succeeded.
    void remember_sent();
    bool sent_anything() const { return !sent_keys_.empty() || sent_; }

  private:
    std::string redirect_key(const sieve::Redirect& redirect) const;
    bool is_duplicate(const sieve::Redirect& redirect) const;

    Task& task_;
    OutgoingSettings outgoing_;
    OwnAddresses own_;
    bool sent_ = false;
    struct SentKey {
        std::string key;
        std::int64_t period_seconds = 0;
    };
    std::vector<SentKey> sent_keys_;
};

// "<dovecot-sieve-SECONDS-MICROSECONDS-N@host>", different at each call.
std::string next_message_id(const Task& task);

}  // namespace deliver
