// SPDX-License-Identifier: MIT
#include "outcome_text.h"

namespace sieve_test {

namespace {

std::string flags(const sieve::Flags& flags) {
    if (!flags.set) return {};
    std::string text = " (";
    for (const std::string& each : flags.names)
        text.append(text.size() == 2 ? "" : " ").append(each);
    return text + ")";
}

std::string file_copy(const std::optional<sieve::FileCopy>& copy) {
    if (!copy) return {};
    std::string text = " fcc=" + copy->mailbox + (copy->create ? " :create" : "");
    for (const std::string& each : copy->flags)
        text += " " + each;
    return text;
}

struct Text {
    std::string operator()(const sieve::Keep& a) const { return "keep" + flags(a.flags); }
    std::string operator()(const sieve::FileInto& a) const {
        return "fileinto " + a.mailbox + (a.copy ? " :copy" : "") + (a.create ? " :create" : "") +
               flags(a.flags);
    }
    std::string operator()(const sieve::Redirect& a) const {
        std::string text = "redirect " + a.address + (a.copy ? " :copy" : "");
        if (a.dsn.notify) text += " notify=" + *a.dsn.notify;
        if (a.dsn.ret) text += " ret=" + *a.dsn.ret;
        if (a.deliver_by)
            text += " by=" + std::to_string(a.deliver_by->at) +
                    (a.deliver_by->returns ? " return" : " notify") +
                    (a.deliver_by->trace ? " trace" : "");
        return text;
    }
    std::string operator()(const sieve::Discard&) const { return "discard"; }
    std::string operator()(const sieve::Reject& a) const {
        return std::string(a.at_protocol ? "ereject " : "reject ") + a.reason;
    }
    std::string operator()(const sieve::Vacation& a) const {
        std::string text = "vacation " + std::to_string(a.period_seconds) + " handle=" + a.handle +
                           " subject=" + a.subject + " from=" + a.from;
        for (const std::string& each : a.addresses)
            text += " address=" + each;
        return text + file_copy(a.file_copy) + (a.mime ? " mime " : " ") + a.reason;
    }
    std::string operator()(const sieve::Notify& a) const {
        std::string text = a.by_old_extension ? "old notify" : "notify";
        for (const std::string& each : a.to)
            text += " " + each;
        for (const std::string& each : a.cc)
            text += " cc=" + each;
        text += " importance=" + std::to_string(a.importance);
        if (a.subject) text += " subject=[" + *a.subject + "]";
        if (a.body) text += " body=[" + *a.body + "]";
        if (!a.from.empty()) text += " from=" + a.from;
        if (!a.id.empty()) text += " id=" + a.id;
        for (const auto& [name, value] : a.headers)
            text += " " + name + "=[" + value + "]";
        return text + file_copy(a.file_copy);
    }
    std::string operator()(const sieve::Report& a) const {
        return "report " + a.feedback_type + " to " + a.address +
               (a.headers_only ? " :headers_only [" : " [") + a.text + "]";
    }
    std::string operator()(const sieve::Pipe& a) const {
        std::string text = "pipe " + a.program;
        for (const std::string& each : a.arguments)
            text += " " + each;
        return text + (a.copy ? " :copy" : "") + (a.ignore_failure ? " :try" : "");
    }
    std::string operator()(const sieve::MarkSeen& a) const {
        return "remember for " + std::to_string(a.period_seconds);
    }
};

}  // namespace

std::string to_text(const sieve::Action& action) {
    return std::visit(Text{}, action.what);
}

std::string brief(const sieve::Outcome& outcome) {
    std::string text;
    const auto add = [&](const std::string& each) {
        text.append(text.empty() ? "" : "; ").append(each);
    };
    for (const sieve::Action& each : outcome.decided.actions)
        add(to_text(each));
    if (outcome.implicit_keep) add("implicit keep" + flags(outcome.decided.internal_flags));
    if (outcome.error)
        add("error in " + (outcome.error->script.empty() ? "" : outcome.error->script + " ") +
            "line " + std::to_string(outcome.error->line) + ": " + outcome.error->text);
    return text;
}

std::string full(const sieve::Outcome& outcome) {
    std::string text;
    for (const sieve::Action& each : outcome.decided.actions)
        text += "line " + std::to_string(each.origin.line) + ": " + to_text(each) + "\n";
    if (outcome.implicit_keep)
        text += "implicit keep" + flags(outcome.decided.internal_flags) + "\n";
    for (const sieve::RuntimeWarning& each : outcome.warnings)
        text += "line " + std::to_string(each.line) + ": warning: " + each.text + "\n";
    for (const sieve::RuntimeWarning& each : outcome.debug)
        text += "line " + std::to_string(each.line) + ": info: " + each.text + "\n";
    if (outcome.error)
        text += "line " + std::to_string(outcome.error->line) + ": error: " + outcome.error->text +
                "\n";
    for (const sieve::Decision& each : outcome.decisions) {
        text += "decided in line " + std::to_string(each.line) + "\n";
        for (const sieve::MatchRecord& match : each.matches)
            text += "  line " + std::to_string(match.line) + ": " + match.test + " [" +
                    match.field + "] value [" + match.value + "] key [" + match.key + "]\n";
    }
    return text;
}

}  // namespace sieve_test
