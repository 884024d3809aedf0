// SPDX-License-Identifier: MIT
#include "bin/sieve_actions_text.h"

#include "base/text.h"

#include <variant>

namespace bin {
namespace {

constexpr std::string_view effect = "        + ";

std::string flags_line(const sieve::Flags& flags) {
    if (flags.names.empty()) return {};
    std::string text(effect);
    text += "add IMAP flags:";
    for (const std::string& name : flags.names)
        text += ' ' + name;
    return text + '\n';
}

std::string copy_line(bool copy) {
    return copy ? std::string(effect) + "preserve implicit keep\n" : std::string();
}

std::string store_line(const std::string& mailbox) {
    return " * store message in folder: " + base::printable(mailbox, mailbox.size()) + '\n';
}

std::string keep_lines(const sieve::Flags& flags, const std::optional<std::string>& keep) {
    return (keep ? store_line(*keep) : std::string(" * keep\n")) + flags_line(flags);
}

std::string file_copy_line(const std::optional<sieve::FileCopy>& copy) {
    if (!copy) return {};
    std::string text = "    => fcc     : " + copy->mailbox;
    for (const std::string& flag : copy->flags)
        text += ' ' + flag;
    return text + (copy->create ? " (created if missing)\n" : "\n");
}

// One overload an action.
struct ActionText {
    const ActionsTextRules& rules;

    std::string operator()(const sieve::Keep& keep) const {
        return keep_lines(keep.flags, rules.keep_mailbox);
    }
    std::string operator()(const sieve::FileInto& store) const {
        std::string text = store_line(store.mailbox);
        if (store.create) text += std::string(effect) + "create mailbox if it does not exist\n";
        return text + copy_line(store.copy) + flags_line(store.flags);
    }
    std::string operator()(const sieve::Redirect& redirect) const {
        std::string text = " * redirect message to: <" + redirect.address + ">\n";
        if (redirect.dsn.notify) text += "    => notify  : " + *redirect.dsn.notify + '\n';
        if (redirect.dsn.ret) text += "    => return  : " + *redirect.dsn.ret + '\n';
        if (redirect.deliver_by)
            text += std::string("    => by time : ") + std::to_string(redirect.deliver_by->at) +
                    (redirect.deliver_by->returns ? " (return)" : " (notify)") +
                    (redirect.deliver_by->trace ? ", traced\n" : "\n");
        return text + copy_line(redirect.copy);
    }
    std::string operator()(const sieve::Discard&) const { return " * discard\n"; }
    std::string operator()(const sieve::Reject& reject) const {
        return " * reject message with reason: " + base::printable(reject.reason) + '\n';
    }
    std::string operator()(const sieve::Vacation& vacation) const {
        std::string text = " * send vacation message:\n    => seconds : " +
                           std::to_string(deliver::vacation_period(vacation, rules.vacation)) +
                           '\n';
        if (!vacation.subject.empty()) text += "    => subject : " + vacation.subject + '\n';
        if (!vacation.from.empty()) text += "    => from    : " + vacation.from + '\n';
        text += "    => handle  : " + deliver::effective_handle(vacation) + '\n';
        text += file_copy_line(vacation.file_copy);
        return text + "\nSTART MESSAGE\n" + vacation.reason + "\nEND MESSAGE\n";
    }
    static std::string old_notify(const sieve::Notify& notify) {
        std::string text =
            " * send (deprecated) notification with method 'mailto':\n    => importance    : " +
            std::to_string(notify.importance) + '\n';
        if (notify.body) text += "    => message       : " + *notify.body + '\n';
        if (!notify.id.empty()) text += "    => id            : " + notify.id + '\n';
        text += "    => recipients    :\n";
        for (const std::string& to : notify.to)
            text += "       + To: " + to + '\n';
        return text;
    }
    std::string operator()(const sieve::Notify& notify) const {
        if (notify.by_old_extension) return old_notify(notify);
        std::string text = " * send notification with method 'mailto:':\n    => importance   : " +
                           std::to_string(notify.importance) + '\n';
        if (notify.subject) text += "    => subject      : " + *notify.subject + '\n';
        if (!notify.from.empty()) text += "    => from         : " + notify.from + '\n';
        text += "    => recipients   :\n";
        for (const std::string& to : notify.to)
            text += "       + To: " + to + '\n';
        for (const std::string& cc : notify.cc)
            text += "       + Cc: " + cc + '\n';
        if (!notify.headers.empty()) text += "    => headers      :\n";
        for (const auto& [name, value] : notify.headers)
            text += "       + " + name + ": " + value + '\n';
        text += file_copy_line(notify.file_copy);
        if (notify.body) text += "    => body         : \n--\n" + *notify.body + "\n--\n";
        return text;
    }
    std::string operator()(const sieve::Report& report) const {
        return " * report incoming message as `" + report.feedback_type + "' to: <" +
               report.address + ">\n";
    }
    std::string operator()(const sieve::Pipe& pipe) const {
        std::string text = " * pipe message to external program '" + pipe.program + "':\n";
        for (const std::string& argument : pipe.arguments)
            text += "    => argument: " + argument + '\n';
        return text + copy_line(pipe.copy);
    }
    std::string operator()(const sieve::MarkSeen& mark) const {
        return " * track duplicate" + (mark.handle.empty() ? "" : " with handle: " + mark.handle) +
               '\n';
    }
};

}  // namespace

std::string actions_text(const sieve::Outcome& outcome, std::size_t first,
                         const ActionsTextRules& rules) {
    std::string text = "\nPerformed actions:\n\n";
    const auto& actions = outcome.decided.actions;
    if (first >= actions.size()) text += "  (none)\n";
    for (std::size_t i = first; i < actions.size(); ++i)
        text += std::visit(ActionText{rules}, actions[i].what);
    text += "\nImplicit keep:\n\n";
    text += outcome.implicit_keep ? keep_lines(outcome.decided.internal_flags, rules.keep_mailbox)
                                  : std::string("  (none)\n");
    return text + '\n';
}

}  // namespace bin
