// SPDX-License-Identifier: MIT
#include "deliver/outgoing.h"

#include "base/subprocess.h"
#include "base/text.h"
#include "deliver/smtp_client.h"

#include <utility>

namespace deliver {
namespace {

Sent by_program(const OutgoingSettings& settings, const Letter& letter) {
    if (letter.wishes.by && letter.wishes.by->returns)
        return {Sent::Result::permanent, "a program cannot be asked to return a late message"};
    base::Command command;
    for (const std::string_view word : base::words(settings.sendmail_path))
        command.arguments.emplace_back(word);
    if (command.arguments.empty()) return {Sent::Result::temporary, "sendmail_path is empty"};
    command.arguments.insert(command.arguments.end(),
                             {"-i", "-f", letter.sender.empty() ? "<>" : letter.sender});
    if (!letter.wishes.notify.empty())
        command.arguments.insert(command.arguments.end(),
                                 {"-N", base::to_lower(letter.wishes.notify)});
    if (!letter.wishes.ret.empty())
        command.arguments.insert(command.arguments.end(),
                                 {"-R", base::to_lower(letter.wishes.ret)});
    command.arguments.insert(command.arguments.end(), {"--", letter.recipient});
    command.environment = settings.environment;
    command.directory = "/";
    command.input = letter.content;
    command.timeout = settings.timeout;
    const base::Ended ended = base::run_command(command);
    if (ended.success()) return {Sent::Result::sent, {}};
    std::string text = "Sendmail program returned error";
    if (ended.how != base::Ended::How::exited)
        text = "Sendmail program " + command.arguments.front() + ' ' + ended.text();
    return {Sent::Result::temporary, std::move(text)};
}

}  // namespace

Sent send_letter(const OutgoingSettings& settings, const Letter& letter) {
    if (letter.recipient.empty()) return {Sent::Result::permanent, "the recipient is empty"};
    if (settings.submission_host.empty()) return by_program(settings, letter);
    return send_by_smtp(settings, letter);
}

}  // namespace deliver
