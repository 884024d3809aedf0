// SPDX-License-Identifier: MIT
// The result of the scripts under test: running them, what they decide, and doing it.
#include "bin/sieve_actions_text.h"
#include "bin/testsuite_case.h"
#include "bin/testsuite_world.h"
#include "deliver/carry_out.h"
#include "deliver/log_line.h"
#include "deliver/record.h"
#include "deliver/task.h"
#include "deliver/user_log.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>
#include <variant>

namespace bin {
namespace {

// sieve-compat 5.5. One overload an action.
struct ActionName {
    std::string operator()(const sieve::Keep&) const { return "keep"; }
    std::string operator()(const sieve::FileInto&) const { return "store"; }
    std::string operator()(const sieve::Redirect&) const { return "redirect"; }
    std::string operator()(const sieve::Discard&) const { return "discard"; }
    std::string operator()(const sieve::Reject&) const { return "reject"; }
    std::string operator()(const sieve::Vacation&) const { return "vacation"; }
    std::string operator()(const sieve::Notify&) const { return "notify"; }
    std::string operator()(const sieve::Report&) const { return "report"; }
    std::string operator()(const sieve::Pipe&) const { return "pipe"; }
    std::string operator()(const sieve::MarkSeen&) const { return "duplicate_mark"; }
};

}  // namespace

bool TestsuiteCase::run(bool append) {
    errors_.clear();
    if (!append) clear_result();
    if (!script_.program) {
        add_error(script_.name, 0, "no script is compiled");
        return false;
    }
    sieve::Decided before;
    before.actions = actions_;
    before.internal_flags = flags_;
    before.message = message_;
    World world(*this, nullptr);
    sieve::RunSettings settings = run_settings_;
    settings.max_steps = sieve::RunSettings().max_steps;
    sieve::Outcome outcome = sieve::run(
        *script_.program, {*unedited_, envelope_, world.host, settings, script_.name, trace_.get()},
        std::move(before));
    if (trace_) trace_->debug(outcome);
    if (outcome.error) {
        add_error(outcome.error->script.empty() ? script_.name : outcome.error->script,
                  outcome.error->line, outcome.error->text);
        return false;
    }
    // The machine leaves out earlier keeps, which here are still in the result.
    std::vector<sieve::Action> kept;
    for (const sieve::Action& each : actions_)
        if (std::holds_alternative<sieve::Keep>(each.what)) kept.push_back(each);
    const std::size_t executed_others =
        executed_ - static_cast<std::size_t>(std::count_if(
                        actions_.begin(), actions_.begin() + static_cast<std::ptrdiff_t>(executed_),
                        [](const sieve::Action& each) {
                            return std::holds_alternative<sieve::Keep>(each.what);
                        }));
    actions_ = std::move(outcome.decided.actions);
    const bool keeps = std::ranges::any_of(actions_, [](const sieve::Action& each) {
        return std::holds_alternative<sieve::Keep>(each.what);
    });
    executed_ = executed_others;
    if (!keeps || keep_executed_) {
        actions_.insert(actions_.begin(), kept.begin(), kept.end());
        if (keep_executed_) executed_ += kept.size();
    }
    flags_ = outcome.decided.internal_flags;
    implicit_keep_ = outcome.implicit_keep && implicit_keep_;
    if (outcome.decided.message != nullptr && outcome.decided.message != message_) {
        message_ = outcome.decided.message;
        message_changed_ = true;
    }
    return true;
}

deliver::Envelope TestsuiteCase::delivery_envelope() const {
    deliver::Envelope envelope;
    envelope.sender = envelope_.from;
    envelope.recipient = envelope_.to.value_or("");
    envelope.original_recipient = envelope_.orig_to;
    return envelope;
}

// Runs the sequence first where there is one.
bool TestsuiteCase::carry_out(const std::vector<deliver::ScriptFile>& sequence,
                              deliver::SequenceOutcome outcome) {
    const deliver::Envelope envelope = delivery_envelope();
    deliver::Recipient recipient;
    recipient.user = site_.user();
    recipient.address = envelope.recipient;
    recipient.settings = site_.shared_settings();
    const deliver::UserSettings& settings = site_.settings();
    deliver::DeliveryLog log(settings, envelope, original_->message, original_->spool);
    deliver::UserLog user_log({}, base::system_clock());
    deliver::DeliveryRecord record;
    deliver::Deadline none;
    deliver::Task task{recipient,        envelope,
                       original_->spool, original_->message,
                       settings,         site_.storage(),
                       scripts_,         log,
                       user_log,         record,
                       *memory_,         none,
                       nullptr,          false};
    bool well = false;
    try {
        if (!sequence.empty()) outcome = deliver::run_scripts(task, sequence);
        well = outcome.end == deliver::SequenceOutcome::End::well;
        const deliver::Disposition disposition = deliver::carry_out(task, std::move(outcome));
        well = well && disposition.result == deliver::Disposition::Result::delivered;
    } catch (const std::exception& error) {
        add_error(script_.name, 0, error.what());
        well = false;
    }
    add_logged_errors();
    const auto failed = [](const deliver::RecordedAction& action) {
        return action.result == "failed";
    };
    return well && std::ranges::none_of(record.actions, failed);
}

bool TestsuiteCase::run_sequence(const std::vector<std::string_view>& paths) {
    errors_.clear();
    std::vector<deliver::ScriptFile> sequence;
    for (const std::string_view path : paths) {
        auto file = deliver::ScriptFile::at(script_path(path), deliver::ScriptRole::before);
        file.binary_path.clear();
        sequence.push_back(std::move(file));
    }
    return carry_out(sequence, {});
}

void TestsuiteCase::take(sieve::OwnResult own) {
    for (sieve::Action& action : own.actions)
        actions_.push_back(std::move(action));
    if (own.flags.set) flags_ = std::move(own.flags);
    implicit_keep_ = implicit_keep_ && own.implicit_keep;
    if (own.message != nullptr) message_ = std::move(own.message);
}

std::vector<std::string> TestsuiteCase::action_names() const {
    std::vector<std::string> names;
    for (const sieve::Action& action : actions_)
        names.push_back(std::visit(ActionName{}, action.what));
    return names;
}

bool TestsuiteCase::execute() {
    deliver::SequenceOutcome outcome;
    for (std::size_t i = executed_; i < actions_.size(); ++i) {
        const auto* keep = std::get_if<sieve::Keep>(&actions_[i].what);
        if (keep == nullptr)
            outcome.actions.push_back(actions_[i]);
        else
            outcome.keep = deliver::KeepDecision{.flags = keep->flags,
                                                 .origin = actions_[i].origin,
                                                 .implicit = false,
                                                 .message = actions_[i].message};
    }
    if (!outcome.keep && implicit_keep_ && !keep_executed_)
        outcome.keep = deliver::KeepDecision{
            .flags = flags_, .origin = {}, .implicit = true, .message = message_};
    outcome.internal_flags = flags_;
    outcome.message = message_;
    keep_executed_ = keep_executed_ || outcome.keep.has_value();
    executed_ = actions_.size();
    return carry_out({}, std::move(outcome));
}

sieve::Outcome TestsuiteCase::result() const {
    sieve::Outcome outcome;
    outcome.decided.actions = actions_;
    outcome.decided.internal_flags = flags_;
    outcome.implicit_keep = implicit_keep_;
    return outcome;
}

void TestsuiteCase::print_result() {
    ActionsTextRules rules;
    rules.keep_mailbox = "INBOX";
    rules.vacation = deliver::vacation_rules(site_.settings());
    const std::string text = actions_text(result(), 0, rules);
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void TestsuiteCase::clear_result() {
    actions_.clear();
    executed_ = 0;
    flags_ = {};
    implicit_keep_ = true;
    keep_executed_ = false;
}

}  // namespace bin
