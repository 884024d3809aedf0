// SPDX-License-Identifier: MIT
#include "deliver/carry_out.h"

#include "base/text.h"
#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "deliver/redirect.h"
#include "deliver/refusal.h"
#include "deliver/sending.h"
#include "deliver/stores.h"
#include "deliver/task.h"
#include "memory/memory.h"
#include "store/storage.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

namespace deliver {
namespace {

using Steady = std::chrono::steady_clock;

// A reply line's room for a reason (RFC 5321 §4.5.3.1.5: 512 octets with codes and address).
constexpr const char* another_failed =
    "another action of the scripts failed; the message is kept instead";
constexpr const char* earlier_failed = "an earlier action failed";

// As Pigeonhole's code has them (sieve-compat 2.6).
constexpr std::chrono::seconds default_duplicate_period{12 * 3600};
constexpr std::chrono::seconds max_duplicate_period{2 * 86400};

// Thrown while the stores can still be taken back.
struct TemporaryFailure {
    std::string text;
    const ScriptFile* script = nullptr;
};

void begin_effects(Task& task) {
    if (!task.deadline.begin_effects())
        throw std::system_error(std::make_error_code(std::errc::timed_out),
                                "the time for this delivery is over");
}

class CarryOut {
  public:
    CarryOut(Task& task, SequenceOutcome outcome)
        : task_(task), outcome_(std::move(outcome)), stores_(task), spare_(task), sending_(task) {}

    Disposition run() {
        if (outcome_.end == SequenceOutcome::End::temporary)
            return aborted(outcome_.culprit ? &*outcome_.culprit : nullptr, outcome_.why);
        failed_ = outcome_.end == SequenceOutcome::End::failed;
        culprit_ = outcome_.culprit ? &*outcome_.culprit : nullptr;
        look_at_redirects();
        tell_discards();
        while (!open_stores())
            if (!leave_out_failed_script()) return keep_only();
        if (const sieve::Reject* reject = effective_reject())
            if (auto refused = refuse(*reject)) return std::move(*refused);
        try {
            store_and_send();
        } catch (const TemporaryFailure& failure) {
            stores_.give_up("taken back: " + failure.text);
            sending_.tell_sent_before_failure();
            return aborted(failure.script, failure.text);
        } catch (const std::exception& error) {
            stores_.give_up(std::string("taken back: ") + error.what());
            sending_.tell_sent_before_failure();
            throw;
        }
        finish();
        return Disposition::delivered();
    }

  private:
    template <typename What, typename Do>
    void each(Do&& action_to_do) {
        for (const sieve::Action& action : outcome_.actions)
            if (const What* what = std::get_if<What>(&action.what))
                action_to_do(*what, action.origin);
    }

    // A redirect that is skipped does not cancel the implicit keep (sieve-compat 3.11).
    void look_at_redirects() {
        bool others_cancel = false;
        bool skipped_cancelling = false;
        for (const sieve::Action& action : outcome_.actions) {
            if (const auto* redirect = std::get_if<sieve::Redirect>(&action.what)) {
                const bool skip = sending_.would_skip(*redirect);
                if (skip) skipped_.push_back(redirect);
                if (!redirect->copy) (skip ? skipped_cancelling : others_cancel) = true;
            } else if (const auto* file = std::get_if<sieve::FileInto>(&action.what)) {
                others_cancel |= !file->copy;
            } else if (const auto* pipe = std::get_if<sieve::Pipe>(&action.what)) {
                others_cancel |= !pipe->copy;
            } else if (std::holds_alternative<sieve::Discard>(action.what) ||
                       std::holds_alternative<sieve::Reject>(action.what)) {
                others_cancel = true;
            }
        }
        if (!outcome_.keep && skipped_cancelling && !others_cancel)
            outcome_.keep = KeepDecision{.flags = outcome_.internal_flags,
                                         .origin = {},
                                         .implicit = true,
                                         .message = outcome_.message};
    }

    bool is_skipped(const sieve::Redirect& redirect) const {
        return std::find(skipped_.begin(), skipped_.end(), &redirect) != skipped_.end();
    }

    void tell_discards() {
        each<sieve::Discard>([&](const sieve::Discard&, const sieve::Origin& origin) {
            task_.log.sieve(
                "discard action: Marked message to be discarded if not explicitly "
                "delivered (discard action)");
            task_.record.actions.push_back(recorded_action("discard", {}, origin, "done"));
        });
    }

    bool open_stores() {
        std::optional<FailedStore> failed;
        failed_action_.reset();
        for (const sieve::Action& action : outcome_.actions)
            if (const auto* file = std::get_if<sieve::FileInto>(&action.what)) {
                failed = stores_.add({WantedStore::Kind::fileinto, file->mailbox, file->flags.names,
                                      file->create, action.origin, action.message});
                if (!failed) continue;
                failed_action_ = static_cast<std::size_t>(&action - outcome_.actions.data());
                break;
            }
        if (!failed && outcome_.keep)
            failed = stores_.add({WantedStore::Kind::keep, task_.recipient.default_mailbox,
                                  outcome_.keep->flags.names, false, outcome_.keep->origin,
                                  outcome_.keep->message});
        if (failed) tell_failed_store(*failed);
        return !failed;
    }

    void tell_failed_store(const FailedStore& failed) {
        const bool fileinto = failed.wanted.kind == WantedStore::Kind::fileinto;
        const ScriptFile* script = script_of(outcome_, failed.wanted.origin);
        // No script's fault: the implicit keep has a mailbox that -m or the address named.
        const std::string text = (fileinto ? "fileinto action: " : "") +
                                 ("failed to store into mailbox '" + failed.wanted.mailbox) +
                                 "': " + failed.why;
        if (script != nullptr && !script->is_global())
            task_.user_log.write("error: " + task_.log.formatted(text));
        else
            task_.log.sieve_error(text);
        task_.record.actions.push_back(recorded_action(fileinto ? "fileinto" : "keep",
                                                       failed.wanted.mailbox, failed.wanted.origin,
                                                       "failed", failed.why));
        failed_ = true;
        if (culprit_ == nullptr) culprit_ = script;
    }

    // What earlier scripts have decided stands; all from the failed one on is dropped, and the
    // message is kept as it came. False where no earlier one decided anything.
    bool leave_out_failed_script() {
        const std::size_t earlier = failed_action_ ? decided_before(outcome_, *failed_action_) : 0;
        if (earlier == 0) return false;
        for (std::size_t i = earlier; i < outcome_.actions.size(); ++i)
            if (i != *failed_action_)
                record_skipped(task_.record.actions, outcome_.actions[i], another_failed);
        outcome_.actions.resize(earlier);
        outcome_.keep.emplace();
        stores_.forget();
        return true;
    }

    // An action failed before anything happened: the rest is dropped, the message kept as it is.
    Disposition keep_only() {
        stores_.give_up(another_failed);
        for (const sieve::Action& action : outcome_.actions)
            record_skipped(task_.record.actions, action, another_failed);
        const auto failed = stores_.add(plain_keep());
        if (failed) {
            task_.settings.log.error(
                culprit_ == nullptr
                    ? "sieve: The implicit keep failed, and no script did: the message is saved as "
                      "without Sieve"
                    : "sieve: Execution of script " + culprit_->path +
                          " failed with unsuccessful implicit keep" + user_log_hint());
            return save_plainly(task_);
        }
        stores_.prepare();
        begin_effects(task_);
        stores_.show();
        tell_failure();
        return Disposition::delivered();
    }

    // A reject where an earlier script has had the message delivered acts as a discard
    // (sieve-compat 3.6).
    const sieve::Reject* effective_reject() {
        const sieve::Reject* found = nullptr;
        bool delivered = !stores_.empty();
        for (const sieve::Action& action : outcome_.actions) {
            if (const auto* reject = std::get_if<sieve::Reject>(&action.what)) {
                found = reject;
                reject_origin_ = action.origin;
            }
            delivered |= std::holds_alternative<sieve::Redirect>(action.what) ||
                         std::holds_alternative<sieve::Pipe>(action.what) ||
                         std::holds_alternative<sieve::Vacation>(action.what);
        }
        if (found != nullptr && delivered) {
            task_.record.actions.push_back(
                recorded_action("reject", {}, reject_origin_, "skipped",
                                "an earlier script has delivered the message: it is not rejected"));
            return nullptr;
        }
        return found;
    }

    std::optional<Disposition> refuse(const sieve::Reject& reject) {
        const std::string reason = task_.can_refuse ? refusal_text(reject) : std::string();
        if (!reason.empty()) {
            task_.log.sieve("reject action: rejected message from <" +
                            task_.envelope.sender.value_or("") +
                            (reject.at_protocol ? "> (ereject)" : "> (reject)"));
            task_.record.actions.push_back(
                recorded_action("reject", {}, reject_origin_, "done", "refused: " + reason));
            remember_marks();
            return Disposition::permanent({5, 7, 1}, reason);
        }
        begin_effects(task_);
        switch (sending_.reject_by_message(reject, reject_origin_)) {
            case ActionResult::done:
            case ActionResult::skipped:
                return std::nullopt;
            case ActionResult::temporary:
                return aborted(script_of(outcome_, reject_origin_),
                               "the rejection could not be sent");
            case ActionResult::failed:
                break;
        }
        failed_ = true;
        culprit_ = script_of(outcome_, reject_origin_);
        return keep_only();
    }

    // All that can still become a failure of the delivery, and then is taken back: the stores, what
    // goes out, and the keep where the latter fails.
    void store_and_send() {
        const std::ptrdiff_t outgoing = count_outgoing();
        if (outgoing > 0 && !sending_.reserve())
            throw TemporaryFailure{"too many deliveries are sending at once", nullptr};
        if (outgoing > 1) prepare_spare();
        stores_.prepare();
        begin_effects(task_);
        stores_.show([this] {
            send_all();
            if (sending_failed_ || keep_afterwards_) keep_instead();
        });
    }

    // Once one of several has gone out, a full disk must not stand in the way of keeping the
    // message when the next one fails: its copy is written before.
    void prepare_spare() {
        if (!is_kept_already() && !spare_.add(plain_keep())) spare_.prepare();
    }

    static bool goes_out_now(const sieve::Action& action) {
        return std::holds_alternative<sieve::Redirect>(action.what) ||
               std::holds_alternative<sieve::Pipe>(action.what);
    }

    std::ptrdiff_t count_outgoing() const {
        return std::count_if(outcome_.actions.begin(), outcome_.actions.end(),
                             [&](const sieve::Action& action) {
                                 const auto* redirect = std::get_if<sieve::Redirect>(&action.what);
                                 return (redirect != nullptr && !is_skipped(*redirect)) ||
                                        std::holds_alternative<sieve::Pipe>(action.what);
                             });
    }

    void keep_instead() {
        if (is_kept_already()) return;
        if (spare_.empty()) {
            if (const auto failed = spare_.add(plain_keep())) {
                tell_failed_store(*failed);
                const Disposition saved = save_plainly(task_);
                if (saved.result != Disposition::Result::delivered)
                    throw TemporaryFailure{saved.text, culprit_};
                return;
            }
        }
        spare_.show();
    }

    WantedStore plain_keep() const {
        return {WantedStore::Kind::keep, task_.recipient.default_mailbox, {}, false, {}};
    }

    bool is_kept_already() const {
        return outcome_.keep.has_value() || filed_into(task_.recipient.default_mailbox);
    }

    // Redirects and pipes. Throws TemporaryFailure while nothing has gone out; later, a failure of
    // any kind becomes a keep.
    void send_all() {
        const Steady::time_point begin = Steady::now();
        for (const sieve::Action& action : outcome_.actions) {
            if (sending_failed_) {
                if (goes_out_now(action))
                    record_skipped(task_.record.actions, action, earlier_failed);
                continue;
            }
            if (const auto* redirect = std::get_if<sieve::Redirect>(&action.what)) {
                if (is_skipped(*redirect))
                    sending_.tell_skipped(*redirect, action.origin);
                else
                    take(sending_.redirect(*redirect, text_of(task_.message, action.message),
                                           action.origin, script_of(outcome_, action.origin)),
                         action.origin, "the message could not be forwarded");
            } else if (const auto* pipe = std::get_if<sieve::Pipe>(&action.what)) {
                const ActionResult result =
                    sending_.pipe(*pipe, text_of(task_.message, action.message), action.origin,
                                  script_of(outcome_, action.origin));
                if (result == ActionResult::skipped && !pipe->copy) keep_afterwards_ = true;
                take(result, action.origin, "the program failed");
            }
        }
        task_.record.send_micros +=
            std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin).count();
    }

    void take(ActionResult result, const sieve::Origin& origin, const char* why) {
        switch (result) {
            case ActionResult::done:
            case ActionResult::skipped:
                return;
            case ActionResult::temporary:
                if (!sending_.sent_anything())
                    throw TemporaryFailure{why, script_of(outcome_, origin)};
                break;  // a later attempt would send the first one twice
            case ActionResult::failed:
                break;
        }
        sending_failed_ = true;
        failed_ = true;
        if (culprit_ == nullptr) culprit_ = script_of(outcome_, origin);
    }

    // The message is where it belongs and more may have gone out: whatever fails from here on is
    // told, and the delivery stands.
    void finish() {
        try {
            send_responses();
            remember_marks();
            tell_memory();
            if (failed_) tell_failure();
        } catch (const std::exception& error) {
            task_.settings.log.error("sieve: msgid=" + task_.log.message_id() +
                                     ": after the message was delivered: " + error.what());
            task_.record.actions.push_back(
                recorded_action("finish", {}, {}, "failed", error.what()));
        }
    }

    // Vacation replies, notifications and reports.
    void send_responses() {
        for (const sieve::Action& action : outcome_.actions) {
            const auto* vacation = std::get_if<sieve::Vacation>(&action.what);
            const auto* notify = std::get_if<sieve::Notify>(&action.what);
            const auto* report = std::get_if<sieve::Report>(&action.what);
            if (vacation == nullptr && notify == nullptr && report == nullptr) continue;
            const MessageText message = text_of(task_.message, action.message);
            if (sending_failed_)
                record_skipped(task_.record.actions, action, earlier_failed);
            else if (vacation != nullptr)
                sending_.vacation(*vacation, message, action.origin);
            else if (notify != nullptr)
                sending_.notify(*notify, message, action.origin);
            else
                sending_.report(*report, message, action.origin);
        }
    }

    bool filed_into(std::string_view mailbox) const {
        return std::any_of(outcome_.actions.begin(), outcome_.actions.end(),
                           [&](const sieve::Action& action) {
                               const auto* file = std::get_if<sieve::FileInto>(&action.what);
                               return file != nullptr && base::iequals(file->mailbox, mailbox);
                           });
    }

    // Only where the whole run ended well (RFC 7352 §3).
    void remember_marks() {
        if (outcome_.end != SequenceOutcome::End::well || failed_) return;
        const std::chrono::seconds usual =
            task_.settings.plugin_time("sieve_duplicate_default_period")
                .value_or(default_duplicate_period);
        const std::chrono::seconds most =
            task_.settings.plugin_time("sieve_duplicate_max_period").value_or(max_duplicate_period);
        std::vector<memory::Remembered> seen;
        each<sieve::MarkSeen>([&](const sieve::MarkSeen& mark, const sieve::Origin&) {
            const std::chrono::seconds period =
                mark.period_seconds < 0 ? usual : std::chrono::seconds(mark.period_seconds);
            seen.push_back({mark.id, std::min(period, most)});
        });
        if (seen.empty()) return;
        const char* const result = task_.memory.remember(seen) ? "done" : "failed";
        each<sieve::MarkSeen>([&](const sieve::MarkSeen&, const sieve::Origin& origin) {
            task_.record.actions.push_back(recorded_action("remember", {}, origin, result));
        });
    }

    void tell_memory() {
        if (const std::string complaint = task_.memory.complaint(); !complaint.empty())
            task_.settings.log.warning("sieve: memory of what was seen and sent: " + complaint);
    }

    std::string culprit_path() const { return culprit_ == nullptr ? "?" : culprit_->path; }

    std::string user_log_hint() const {
        if (culprit_ == nullptr || culprit_->is_global() || task_.user_log.path().empty())
            return {};
        return " (user logfile " + task_.user_log.path() + " may reveal additional details)";
    }

    void tell_failure() {
        const std::string text = "sieve: Execution of script " + culprit_path() +
                                 " failed, but implicit keep was successful" + user_log_hint();
        if (culprit_ != nullptr && !culprit_->is_global())
            task_.settings.log.info(text);
        else
            task_.settings.log.error(text);
    }

    Disposition aborted(const ScriptFile* script, const std::string& why) {
        culprit_ = script;
        task_.settings.log.error(
            script == nullptr ? "sieve: msgid=" + task_.log.message_id() + ": " + why
                              : "sieve: Execution of script " + script->path +
                                    " was aborted due to temporary failure" + user_log_hint());
        tell_memory();
        return Disposition::temporary({4, 2, 0}, "Sieve: temporary failure: " + why);
    }

    Task& task_;
    SequenceOutcome outcome_;
    std::optional<std::size_t> failed_action_;  // of open_stores()
    Stores stores_;
    Stores spare_;  // the keep, should what goes out fail
    Sending sending_;
    std::vector<const sieve::Redirect*> skipped_;
    sieve::Origin reject_origin_;
    const ScriptFile* culprit_ = nullptr;
    bool failed_ = false;           // some script or action
    bool sending_failed_ = false;   // then the message is kept
    bool keep_afterwards_ = false;  // pipe :try that failed
};

}  // namespace

Disposition carry_out(Task& task, SequenceOutcome outcome) {
    return CarryOut(task, std::move(outcome)).run();
}

Disposition save_plainly(Task& task) {
    Stores stores(task);
    const std::string& mailbox = task.recipient.default_mailbox;
    auto failed = stores.add({WantedStore::Kind::plain, mailbox, {}, false, {}});
    if (failed) {
        task.log.plain("save failed to open mailbox " + mailbox + ": " + failed->why);
        task.record.actions.push_back(recorded_action("save", mailbox, {}, "failed", failed->why));
        if (!base::iequals(mailbox, "INBOX"))
            failed = stores.add({WantedStore::Kind::plain, "INBOX", {}, false, {}});
    }
    if (failed) return Disposition::temporary({4, 2, 0}, failed->why);
    stores.prepare();
    begin_effects(task);
    stores.show();
    return Disposition::delivered();
}

}  // namespace deliver
