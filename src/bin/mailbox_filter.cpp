// SPDX-License-Identifier: MIT
#include "bin/mailbox_filter.h"

#include "base/clock.h"
#include "base/spool.h"
#include "base/text.h"
#include "deliver/deadline.h"
#include "deliver/edited_message.h"
#include "deliver/program.h"
#include "deliver/redirect.h"
#include "mail/address.h"
#include "mail/compose.h"
#include "mail/message.h"
#include "mail/message_id.h"
#include "store/commit.h"
#include "store/storage.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bin {
namespace {

// Its pieces are the message's own.
store::Content content_of(const FilteredMessage& message,
                          const std::shared_ptr<const sieve::Message>& edited) {
    const deliver::MessageText text = deliver::text_of(message.message, edited);
    store::Content content;
    content.add(text.header_bytes);
    content.add(text.rest);
    return content;
}

const char* name_of(const sieve::Action& action) {
    if (std::holds_alternative<sieve::Vacation>(action.what)) return "vacation";
    if (std::holds_alternative<sieve::Notify>(action.what)) return "notify";
    if (std::holds_alternative<sieve::Report>(action.what)) return "report";
    if (std::holds_alternative<sieve::Reject>(action.what)) return "reject";
    return nullptr;
}

// Who sent it is what Return-Path says: without one nobody is told what becomes of the forward.
deliver::Envelope envelope_of_old(const FilteredMessage& message) {
    deliver::Envelope envelope = message.envelope;
    envelope.sender.reset();
    if (const auto field = message.message.header().first("Return-Path"))
        if (const auto path = mail::parse_path(base::trim(*field)))
            envelope.sender = mail::address_text(*path);
    return envelope;
}

std::string new_message_id(const SieveSetUp& setup) {
    static std::uint64_t count = 0;
    const auto micros = base::system_clock().now().time_since_epoch().count();
    return mail::make_message_id("tamis-filter", micros / 1'000'000, micros % 1'000'000, count++,
                                 setup.settings->hostname);
}

}  // namespace

// What is to happen: the stores together, then the rest.
struct MailboxFilter::Plan {
    std::vector<store::Store> stores;
    std::vector<std::string> told;                 // a line for each store
    bool kept = false;                             // the message stays in the source mailbox
    bool discarded = false;                        // by nothing else than the script's will
    std::optional<sieve::Flags> flags;             // that it has from then on
    std::shared_ptr<const sieve::Message> edited;  // what it is from then on
};

MailboxFilter::MailboxFilter(const SieveSetUp& setup, store::Storage& storage,
                             store::Mailbox source, const FilterRules& rules)
    : setup_(setup), storage_(storage), source_(std::move(source)), rules_(rules) {}

void MailboxFilter::tell(const FilteredMessage& message, const std::string& text) const {
    setup_.log.info("sieve: msgid=" + message.id + ": " + text);
}

void MailboxFilter::tell_error(const FilteredMessage& message, const std::string& text) const {
    std::fflush(stdout);
    std::fprintf(stderr, "error: msgid=%s: %s.\n", message.id.c_str(),
                 base::printable(text).c_str());
}

// A copy keeps the time at which the message came.
std::optional<base::WallTime> MailboxFilter::received(const FilteredMessage& message) const {
    return store::received_time(storage_.disk(), source_, message.file);
}

// What the script has changed of the flags that it saw.
MailboxFilter::FlagChange MailboxFilter::change_of(const FilteredMessage& message,
                                                   const sieve::Flags& wanted) const {
    const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
        return std::ranges::any_of(
            list, [&name](const std::string& each) { return base::iequals(each, name); });
    };
    const std::vector<std::string> before =
        store::flag_names(storage_.disk(), source_, message.file);
    FlagChange change;
    for (const std::string& name : wanted.names)
        if (!is_in(before, name)) change.added.push_back(name);
    for (const std::string& name : before)
        if (!is_in(wanted.names, name)) change.removed.push_back(name);
    return change;
}

void MailboxFilter::leave(const FilteredMessage& message) const {
    tell(message, "left message in mailbox '" + rules_.source + '\'');
}

bool MailboxFilter::add_store(Plan& plan, const FilteredMessage& message,
                              const std::string& mailbox, bool create, const sieve::Flags& flags,
                              const std::shared_ptr<const sieve::Message>& edited,
                              const char* action) {
    auto opened = storage_.open(
        mailbox, create ? store::CreateMailbox::always : store::CreateMailbox::as_configured);
    if (!opened) {
        tell_error(message, std::string(action) + "failed to store into mailbox '" + mailbox +
                                "': " + opened.error().text);
        return false;
    }
    if (opened->path.directory == source_.path.directory) {
        plan.kept = true;
        if (flags.set) plan.flags = flags;
        plan.edited = edited;
        return true;
    }
    // A keep with -m beside a fileinto of the same mailbox: one copy.
    for (const store::Store& planned : plan.stores)
        if (planned.mailbox.path.directory == opened->path.directory) return true;
    const std::vector<std::string> names =
        flags.set ? flags.names : store::flag_names(storage_.disk(), source_, message.file);
    plan.stores.push_back({.mailbox = std::move(opened).value(),
                           .content = content_of(message, edited),
                           .flags = store::parse_flags(names),
                           .received = received(message)});
    plan.told.push_back(std::string(action) + "stored mail into mailbox '" + mailbox + '\'');
    return true;
}

bool MailboxFilter::plan_actions(const FilteredMessage& message, const sieve::Outcome& outcome,
                                 Plan& plan) {
    for (const sieve::Action& action : outcome.decided.actions) {
        if (const auto* keep = std::get_if<sieve::Keep>(&action.what)) {
            if (!add_store(plan, message, rules_.default_mailbox, false, keep->flags,
                           action.message, ""))
                return false;
        } else if (const auto* into = std::get_if<sieve::FileInto>(&action.what)) {
            if (!add_store(plan, message, into->mailbox, into->create, into->flags, action.message,
                           "fileinto action: "))
                return false;
        } else if (std::holds_alternative<sieve::Discard>(action.what)) {
            tell(message,
                 "discard action: Marked message to be discarded if not explicitly delivered "
                 "(discard action)");
        } else if (const char* name = name_of(action)) {
            // Old mail is answered to nobody.
            tell(message, std::string(name) + " action: left out, since it answers new mail only");
            if (std::holds_alternative<sieve::Reject>(action.what)) plan.kept = true;
        }
    }
    if (!outcome.implicit_keep) return true;
    return add_store(plan, message, rules_.default_mailbox, false, outcome.decided.internal_flags,
                     outcome.decided.message, "");
}

bool MailboxFilter::send(Plan& plan, const FilteredMessage& message, const sieve::Action& action) {
    if (const auto* pipe = std::get_if<sieve::Pipe>(&action.what)) {
        const deliver::MessageText text = deliver::text_of(message.message, action.message);
        const deliver::Deadline none;
        const deliver::ProgramEnd end =
            deliver::run_program({*setup_.settings, message.envelope, setup_.user.name,
                                  message.envelope.recipient, none},
                                 {.kind = deliver::ProgramKind::pipe,
                                  .program = pipe->program,
                                  .arguments = pipe->arguments,
                                  .input = {text.header_bytes, text.rest},
                                  .take_output = {}});
        if (end.ok) {
            tell(message, "pipe action: piped message to program `" + pipe->program + '\'');
            return true;
        }
        tell_error(message,
                   "failed to pipe message to program `" + pipe->program + "': " + end.why);
        plan.kept = true;
        return pipe->ignore_failure;
    }
    const auto* redirect = std::get_if<sieve::Redirect>(&action.what);
    if (redirect == nullptr) return true;
    deliver::OwnAddresses own;
    own.recipient = message.envelope.recipient;
    own.user_email = setup_.settings->plugin("sieve_user_email").value_or("");
    deliver::RedirectCopy copy;
    deliver::make_redirect_copy(copy, deliver::text_of(message.message, action.message), own.own(),
                                new_message_id(setup_));
    if (!rules_.outgoing_mailbox.empty()) {
        auto opened = storage_.open(rules_.outgoing_mailbox, store::CreateMailbox::as_configured);
        if (opened) {
            store::Content content;
            for (const std::string_view piece : copy.pieces)
                content.add(piece);
            std::vector<store::Store> stores;
            stores.push_back({.mailbox = std::move(opened).value(),
                              .content = std::move(content),
                              .flags = {},
                              .received = std::nullopt});
            store::commit(storage_, std::move(stores));
            tell(message, "redirect action: message to <" + redirect->address +
                              "> stored into mailbox '" + rules_.outgoing_mailbox + '\'');
            return true;
        }
        tell_error(message, "redirect action: failed to store into mailbox '" +
                                rules_.outgoing_mailbox + "': " + opened.error().text);
    } else if (rules_.outgoing) {
        const std::string sender = deliver::redirect_sender(
            setup_.settings->plugin("sieve_redirect_envelope_from").value_or("sender"),
            envelope_of_old(message), own);
        const deliver::Sent sent =
            deliver::send_letter(*rules_.outgoing, {sender, redirect->address, copy.pieces, {}});
        if (sent.ok()) {
            tell(message, "redirect action: forwarded to <" + redirect->address + '>');
            return true;
        }
        tell_error(message, "redirect action: failed to redirect message to <" + redirect->address +
                                ">: " + sent.text);
    } else {
        setup_.log.warning("sieve: msgid=" + message.id +
                           ": redirect action: no means to send mail (-q or -Q)");
    }
    plan.kept = true;
    return false;
}

// Last, once all else is safe.
void MailboxFilter::change_source(const FilteredMessage& message, const Plan& plan) {
    if (!rules_.write) {
        if (plan.kept) leave(message);
        return;
    }
    store::Disk& disk = storage_.disk();
    const auto times = storage_.settings().lock_times;
    const bool durable = storage_.settings().fsync != store::FsyncMode::never;
    if (plan.kept) {
        if (plan.edited != nullptr) {
            const std::vector<std::string> names =
                plan.flags ? plan.flags->names : store::flag_names(disk, source_, message.file);
            std::vector<store::Store> stores;
            stores.push_back({.mailbox = source_,
                              .content = content_of(message, plan.edited),
                              .flags = store::parse_flags(names),
                              .received = received(message)});
            store::commit(storage_, std::move(stores));
            store::remove_message(disk, source_, message.file);
        } else if (plan.flags) {
            const FlagChange change = change_of(message, *plan.flags);
            if (!change.added.empty() || !change.removed.empty())
                store::change_flags(disk, source_, message.file, change.added, change.removed,
                                    times, durable);
        }
        return leave(message);
    }
    if (!plan.discarded) {
        store::remove_message(disk, source_, message.file);
        return;
    }
    switch (rules_.discard) {
        case DiscardAction::keep:
            return;
        case DiscardAction::move:  // it was stored there
        case DiscardAction::expunge:
            store::remove_message(disk, source_, message.file);
            return;
        case DiscardAction::remove:
            store::change_flags(disk, source_, message.file, {"\\Deleted"}, {}, times, durable);
            return;
    }
}

void MailboxFilter::commit(Plan& plan, const FilteredMessage& message) {
    if (plan.stores.empty()) return;
    store::commit(storage_, std::exchange(plan.stores, {}));
    for (const std::string& line : std::exchange(plan.told, {}))
        tell(message, line);
}

bool MailboxFilter::carry_out(const FilteredMessage& message, const sieve::Outcome& outcome) {
    Plan plan;
    if (!plan_actions(message, outcome, plan)) {
        leave(message);
        return false;
    }
    bool goes_on = !plan.stores.empty();
    for (const sieve::Action& action : outcome.decided.actions)
        goes_on |= std::holds_alternative<sieve::Redirect>(action.what);
    commit(plan, message);
    bool well = true;
    for (const sieve::Action& action : outcome.decided.actions)
        well = send(plan, message, action) && well;
    plan.discarded = !goes_on && !plan.kept;
    if (plan.discarded && rules_.write && rules_.discard == DiscardAction::move) {
        if (!add_store(plan, message, rules_.discard_mailbox, false, {}, nullptr,
                       "discard action: ")) {
            leave(message);
            return false;
        }
        commit(plan, message);
    }
    change_source(message, plan);
    return well;
}

}  // namespace bin
