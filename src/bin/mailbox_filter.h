// SPDX-License-Identifier: MIT
// What sieve-filter does with one message of a mailbox that a script has decided about
// (sieve-compat 4.4): stores elsewhere first, durably; then what goes out; the message itself is
// changed or leaves its mailbox last, and only where that may be written. One thread.
#pragma once

#include "base/clock.h"
#include "bin/sieve_tool.h"
#include "deliver/envelope.h"
#include "deliver/outgoing.h"
#include "sieve/outcome.h"
#include "store/disk.h"
#include "store/mailbox.h"
#include "store/stored_message.h"

#include <optional>
#include <string>
#include <vector>

namespace mail {
class Message;
}
namespace store {
class Storage;
}

namespace bin {

enum class DiscardAction { keep, move, remove, expunge };

struct FilterRules {
    std::string source;           // mailbox
    std::string default_mailbox;  // where keep stores: the source unless -m
    bool write = false;           // -W
    DiscardAction discard = DiscardAction::keep;
    std::string discard_mailbox;                        // of DiscardAction::move
    std::string outgoing_mailbox;                       // -q
    std::optional<deliver::OutgoingSettings> outgoing;  // -Q
};

// A message of the source mailbox, as the script saw it.
struct FilteredMessage {
    const store::StoredMessage& file;
    const mail::Message& message;
    const deliver::Envelope& envelope;
    std::string id;  // for log lines
};

class MailboxFilter {
  public:
    // The source exists. All references outlive it.
    MailboxFilter(const SieveSetUp& setup, store::Storage& storage, store::Mailbox source,
                  const FilterRules& rules);

    // False where something failed: the message is then where it was, and why has been told. Throws
    // std::system_error where the store failed: likewise.
    bool carry_out(const FilteredMessage& message, const sieve::Outcome& outcome);
    void leave(const FilteredMessage& message) const;

  private:
    struct Plan;
    struct FlagChange {
        std::vector<std::string> added;
        std::vector<std::string> removed;
    };
    FlagChange change_of(const FilteredMessage& message, const sieve::Flags& wanted) const;
    void commit(Plan& plan, const FilteredMessage& message);
    bool plan_actions(const FilteredMessage& message, const sieve::Outcome& outcome, Plan& plan);
    bool add_store(Plan& plan, const FilteredMessage& message, const std::string& mailbox,
                   bool create, const sieve::Flags& flags,
                   const std::shared_ptr<const sieve::Message>& edited, const char* action);
    bool send(Plan& plan, const FilteredMessage& message, const sieve::Action& action);
    std::optional<base::WallTime> received(const FilteredMessage& message) const;
    void change_source(const FilteredMessage& message, const Plan& plan);
    void tell(const FilteredMessage& message, const std::string& text) const;
    void tell_error(const FilteredMessage& message, const std::string& text) const;

    const SieveSetUp& setup_;
    store::Storage& storage_;
    store::Mailbox source_;
    const FilterRules& rules_;
};

}  // namespace bin
