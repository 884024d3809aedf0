// SPDX-License-Identifier: MIT
#include "sieve/machine/deciding.h"

#include "sieve/machine/run.h"
#include "sieve/text.h"

#include <algorithm>
#include <utility>

namespace sieve {

namespace {

// A later flag setting replaces an earlier one of the same store.
void merge_flags(Flags& into, Flags&& flags) {
    if (flags.set) into = std::move(flags);
}

std::string at_line(const Origin& origin) {
    return "line " + std::to_string(origin.line);
}

[[noreturn]] void conflict(std::string text) {
    throw ScriptError{std::move(text)};
}

}  // namespace

bool same_address(std::string_view a, std::string_view b) {
    const std::size_t at_a = a.rfind('@');
    const std::size_t at_b = b.rfind('@');
    if (at_a == std::string_view::npos || at_b == std::string_view::npos) return a == b;
    return a.substr(0, at_a) == b.substr(0, at_b) && iequals(a.substr(at_a), b.substr(at_b));
}

Deciding::Deciding(const Decided& before, const RunSettings& settings)
    : settings_(settings),
      message_(before.message),
      unenclosed_(before.unenclosed),
      internal_flags_(before.internal_flags) {
    actions_.reserve(before.actions.size() + 4);
    for (const Action& each : before.actions)
        if (!std::holds_alternative<Keep>(each.what)) actions_.push_back(each);
    own_ = actions_.size();
}

void Deciding::begin_anew() {
    actions_.clear();
    own_ = 0;
    internal_flags_ = {};
    implicit_keep_ = true;
    explicit_keep_ = false;
    keep_cancelled_in_ = 0;
}

void Deciding::cancel_keep(const Origin& origin) {
    if (implicit_keep_) keep_cancelled_in_ = origin.line;
    implicit_keep_ = false;
}

void Deciding::add(Origin origin, Action&& action) {
    action.origin = std::move(origin);
    action.message = message_;
    const std::size_t count = actions_.size() + 1;
    if (settings_.max_actions != 0 && count > settings_.max_actions)
        conflict("total number of actions exceeds policy limit (" + std::to_string(count) + " > " +
                 std::to_string(settings_.max_actions) + ")");
    actions_.push_back(std::move(action));
}

// The action of that kind for which `same` holds, of this script or of an earlier one.
template <typename What, typename Same>
What* Deciding::find(Same same) {
    for (Action& each : actions_)
        if (What* what = std::get_if<What>(&each.what); what != nullptr && same(*what)) return what;
    return nullptr;
}

bool Deciding::is_default(std::string_view mailbox) const {
    return iequals(mailbox, "INBOX") ? iequals(settings_.default_mailbox, "INBOX")
                                     : mailbox == settings_.default_mailbox;
}

void Deciding::no_reject() const {
    for (std::size_t i = own_; i < actions_.size(); ++i)
        if (std::holds_alternative<Reject>(actions_[i].what))
            conflict("the message is rejected in " + at_line(actions_[i].origin) +
                     " and cannot be delivered as well");
}

void Deciding::keep(Origin origin, Flags flags) {
    no_reject();
    cancel_keep(origin);
    explicit_keep_ = true;
    const auto any = [](const auto&) { return true; };
    if (Keep* earlier = find<Keep>(any)) return merge_flags(earlier->flags, std::move(flags));
    // The same store under its own name: a keep from now on, as the sequence goes on with one.
    for (Action& each : actions_) {
        auto* store = std::get_if<FileInto>(&each.what);
        if (store == nullptr || !is_default(store->mailbox)) continue;
        Flags merged = std::move(store->flags);
        merge_flags(merged, std::move(flags));
        each.what = Keep{std::move(merged), false};
        return;
    }
    add(std::move(origin), {{}, Keep{std::move(flags), false}});
}

void Deciding::file_into(Origin origin, FileInto action) {
    no_reject();
    if (!action.copy) cancel_keep(origin);
    if (is_default(action.mailbox)) {
        const auto any = [](const Keep&) { return true; };
        if (Keep* earlier = find<Keep>(any))
            return merge_flags(earlier->flags, std::move(action.flags));
    }
    const auto same = [&](const FileInto& each) {
        return each.mailbox == action.mailbox ||
               (iequals(each.mailbox, "INBOX") && iequals(action.mailbox, "INBOX"));
    };
    if (FileInto* earlier = find<FileInto>(same)) {
        merge_flags(earlier->flags, std::move(action.flags));
        earlier->create = earlier->create || action.create;
        earlier->copy = earlier->copy && action.copy;
        return;
    }
    add(std::move(origin), {{}, std::move(action)});
}

void Deciding::redirect(Origin origin, Redirect action) {
    if (settings_.max_redirects == 0)
        conflict("local policy prohibits the use of a redirect action");
    no_reject();
    if (!action.copy) cancel_keep(origin);
    const auto same = [&](const Redirect& each) {
        return same_address(each.address, action.address);
    };
    if (Redirect* earlier = find<Redirect>(same)) {
        earlier->copy = earlier->copy && action.copy;
        return;
    }
    const auto is_redirect = [](const Action& each) {
        return std::holds_alternative<Redirect>(each.what);
    };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(actions_, is_redirect)) + 1;
    if (count > settings_.max_redirects)
        conflict("number of redirect actions exceeds policy limit (" + std::to_string(count) +
                 " > " + std::to_string(settings_.max_redirects) + ")");
    add(std::move(origin), {{}, std::move(action)});
    if (unenclosed_) actions_.back().message = unenclosed_->message;
}

void Deciding::discard(Origin origin) {
    cancel_keep(origin);
    if (find<Discard>([](const Discard&) { return true; }) == nullptr)
        add(std::move(origin), {{}, Discard{}});
}

bool Deciding::delivers(const Action& action) const {
    return std::holds_alternative<Keep>(action.what) ||
           std::holds_alternative<FileInto>(action.what) ||
           std::holds_alternative<Redirect>(action.what) ||
           std::holds_alternative<Pipe>(action.what);
}

void Deciding::reject(Origin origin, Reject action) {
    bool discards = false;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        const Action& each = actions_[i];
        const bool own = i >= own_;
        if (std::holds_alternative<Reject>(each.what)) {
            if (own) conflict("the message is rejected twice: first in " + at_line(each.origin));
            return;  // an earlier script's stands
        }
        if (!delivers(each) && !std::holds_alternative<Vacation>(each.what)) continue;
        if (own)
            conflict("reject cannot be combined with what " + at_line(each.origin) +
                     " does with the message");
        discards = true;  // the message is already on its way: nobody may be told otherwise
    }
    cancel_keep(origin);
    if (discards) return;
    add(std::move(origin), {{}, std::move(action)});
}

void Deciding::vacation(Origin origin, Vacation action) {
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        const Action& each = actions_[i];
        const bool rejects = std::holds_alternative<Reject>(each.what);
        if (!rejects && !std::holds_alternative<Vacation>(each.what)) continue;
        if (i < own_) return;
        conflict(rejects ? "vacation cannot be combined with the reject in " + at_line(each.origin)
                         : "vacation stands twice: first in " + at_line(each.origin));
    }
    add(std::move(origin), {{}, std::move(action)});
}

void Deciding::notify(Origin origin, Notify action) {
    unsigned count = 1;
    for (const Action& each : actions_) {
        const auto* earlier = std::get_if<Notify>(&each.what);
        if (earlier == nullptr || earlier->by_old_extension != action.by_old_extension) continue;
        ++count;
        const auto has_one = [&](const std::string& address) {
            const auto same = [&](const std::string& other) {
                return same_address(address, other);
            };
            return std::ranges::any_of(earlier->to, same) || std::ranges::any_of(earlier->cc, same);
        };
        std::erase_if(action.to, has_one);
        std::erase_if(action.cc, has_one);
    }
    if (action.to.empty() && action.cc.empty()) return;
    if (count > limits::max_notifications)
        conflict("number of notify actions exceeds policy limit (" + std::to_string(count) + " > " +
                 std::to_string(limits::max_notifications) + ")");
    add(std::move(origin), {{}, std::move(action)});
}

void Deciding::take_back_notify(const std::function<bool(const Notify&)>& which) {
    for (std::size_t i = actions_.size(); i-- > 0;) {
        const auto* notify = std::get_if<Notify>(&actions_[i].what);
        if (notify == nullptr || !which(*notify)) continue;
        actions_.erase(actions_.begin() + static_cast<std::ptrdiff_t>(i));
        if (i < own_) --own_;
    }
}

void Deciding::report(Origin origin, Report action) {
    const auto same = [&](const Report& each) {
        return same_address(each.address, action.address);
    };
    if (find<Report>(same) == nullptr) add(std::move(origin), {{}, std::move(action)});
}

void Deciding::pipe(Origin origin, Pipe action) {
    no_reject();
    const auto same = [&](const Pipe& each) { return each.program == action.program; };
    if (find<Pipe>(same) != nullptr)
        conflict("the message is piped to program '" + printable(action.program) + "' twice");
    if (!action.copy) cancel_keep(origin);
    add(std::move(origin), {{}, std::move(action)});
}

void Deciding::mark_seen(Origin origin, MarkSeen action) {
    const auto same = [&](const MarkSeen& each) { return each.id == action.id; };
    if (MarkSeen* earlier = find<MarkSeen>(same)) {
        earlier->period_seconds = std::max(earlier->period_seconds, action.period_seconds);
        return;
    }
    add(std::move(origin), {{}, std::move(action)});
}

}  // namespace sieve
