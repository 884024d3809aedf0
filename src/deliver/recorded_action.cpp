// SPDX-License-Identifier: MIT
#include "deliver/recorded_action.h"

#include <utility>
#include <variant>

namespace deliver {
namespace {

struct Sent {
    const char* what = nullptr;  // null: no action of this kind
    std::string target;
};

// One overload an action.
struct SentBy {
    Sent operator()(const sieve::Redirect& redirect) const {
        return {"redirect", redirect.address};
    }
    Sent operator()(const sieve::Pipe& pipe) const { return {"pipe", pipe.program}; }
    Sent operator()(const sieve::Vacation&) const { return {"vacation", {}}; }
    Sent operator()(const sieve::Notify&) const { return {"notify", {}}; }
    Sent operator()(const sieve::Report& report) const { return {"report", report.address}; }
    Sent operator()(const sieve::Reject&) const { return {"reject", {}}; }
    Sent operator()(const sieve::Keep&) const { return {}; }
    Sent operator()(const sieve::FileInto&) const { return {}; }
    Sent operator()(const sieve::Discard&) const { return {}; }
    Sent operator()(const sieve::MarkSeen&) const { return {}; }
};

// The same of all. One overload an action.
struct DecidedBy : SentBy {
    using SentBy::operator();
    Sent operator()(const sieve::Keep&) const { return {"keep", default_mailbox}; }
    Sent operator()(const sieve::FileInto& file) const { return {"fileinto", file.mailbox}; }
    Sent operator()(const sieve::Discard&) const { return {"discard", {}}; }
    Sent operator()(const sieve::MarkSeen&) const { return {"remember", {}}; }
    Sent operator()(const sieve::Notify& notify) const {
        std::string to;
        for (const std::vector<std::string>* list : {&notify.to, &notify.cc})
            for (const std::string& each : *list)
                to += (to.empty() ? "<" : ", <") + each + '>';
        return {"notify", std::move(to)};
    }
    Sent operator()(const sieve::Vacation&) const { return {"vacation", "the sender"}; }

    std::string default_mailbox;
};

std::string flags_of(const sieve::Action& action) {
    const sieve::Flags* flags = nullptr;
    if (const auto* keep = std::get_if<sieve::Keep>(&action.what)) flags = &keep->flags;
    if (const auto* file = std::get_if<sieve::FileInto>(&action.what)) flags = &file->flags;
    std::string text;
    if (flags != nullptr)
        for (const std::string& name : flags->names)
            text += (text.empty() ? "" : " ") + name;
    return text;
}

}  // namespace

RecordedAction decided_action(const sieve::Action& action, const std::string& default_mailbox) {
    DecidedBy decided;
    decided.default_mailbox = default_mailbox;
    Sent what = std::visit(decided, action.what);
    RecordedAction recorded =
        recorded_action(what.what, std::move(what.target), action.origin, "decided");
    recorded.flags = flags_of(action);
    return recorded;
}

RecordedAction recorded_action(std::string what, std::string target, const sieve::Origin& origin,
                               std::string result, std::string detail) {
    RecordedAction action;
    action.what = std::move(what);
    action.target = std::move(target);
    action.script = origin.script;
    action.line = origin.line;
    action.result = std::move(result);
    action.detail = std::move(detail);
    return action;
}

void record_skipped(std::vector<RecordedAction>& actions, const sieve::Action& action,
                    const std::string& why) {
    Sent sent = std::visit(SentBy{}, action.what);
    if (sent.what == nullptr) return;
    actions.push_back(
        recorded_action(sent.what, std::move(sent.target), action.origin, "skipped", why));
}

}  // namespace deliver
