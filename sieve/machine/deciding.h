// SPDX-License-Identifier: MIT
// The actions of a run as they come: duplicates of the same store or redirect are merged, limits
// are held, and the implicit keep (RFC 5228 §2.10.2) falls when an action cancels it. Conflicts
// that are the script's fault throw ScriptError.
#pragma once

#include "sieve/action.h"
#include "sieve/machine/machine.h"
#include "sieve/outcome.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sieve {

class Deciding {
  public:
    // `before`: what earlier scripts of the sequence decided. Their explicit keep only meant that
    // the sequence goes on; it does not count here.
    Deciding(const Decided& before, const RunSettings& settings);

    void keep(Origin origin, Flags flags);
    void file_into(Origin origin, FileInto action);
    void redirect(Origin origin, Redirect action);
    void discard(Origin origin);
    void reject(Origin origin, Reject action);
    void vacation(Origin origin, Vacation action);
    // Recipients who get one already are left out.
    void notify(Origin origin, Notify action);
    // Those for which `which` holds, of earlier scripts too.
    void take_back_notify(const std::function<bool(const Notify&)>& which);
    // One to each address.
    void report(Origin origin, Report action);
    void pipe(Origin origin, Pipe action);
    void mark_seen(Origin origin, MarkSeen action);

    // What the actions from here on are about; absent: the message as it came.
    void set_message(std::shared_ptr<const Message> message) { message_ = std::move(message); }

    // Redirects take the message as it stands now, whatever message comes (RFC 5703 §6).
    void keep_for_redirect() {
        if (!unenclosed_) unenclosed_ = {message_};
    }
    const std::optional<Decided::Unenclosed>& unenclosed() const { return unenclosed_; }

    // As if nothing had been decided.
    void begin_anew();

    bool implicit_keep() const { return implicit_keep_; }
    unsigned keep_cancelled_in() const { return keep_cancelled_in_; }
    bool explicit_keep() const { return explicit_keep_; }
    Flags& internal_flags() { return internal_flags_; }
    std::vector<Action>& actions() { return actions_; }

  private:
    void cancel_keep(const Origin& origin);
    void add(Origin origin, Action&& action);
    template <typename What, typename Same>
    What* find(Same same);
    bool is_default(std::string_view mailbox) const;
    // A message that this script rejects goes nowhere else.
    void no_reject() const;
    bool delivers(const Action& action) const;

    const RunSettings& settings_;
    std::shared_ptr<const Message> message_;
    std::optional<Decided::Unenclosed> unenclosed_;
    std::vector<Action> actions_;
    std::size_t own_ = 0;  // the first action of this script
    Flags internal_flags_;
    bool implicit_keep_ = true;
    bool explicit_keep_ = false;
    unsigned keep_cancelled_in_ = 0;
};

// Addresses are the same if their domains are, case apart, and their local parts exactly.
bool same_address(std::string_view a, std::string_view b);

}  // namespace sieve
