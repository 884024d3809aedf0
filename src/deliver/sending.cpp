// SPDX-License-Identifier: MIT
#include "deliver/sending.h"

#include "base/subprocess.h"
#include "base/text.h"
#include "config/settings.h"
#include "deliver/edited_message.h"
#include "deliver/envelope.h"
#include "deliver/file_copy.h"
#include "deliver/lda_dupes.h"
#include "deliver/notify.h"
#include "deliver/program.h"
#include "deliver/run_scripts.h"
#include "deliver/task.h"
#include "deliver/vacation.h"
#include "mail/address.h"
#include "mail/message_id.h"
#include "mail/report.h"
#include "memory/memory.h"
#include "sieve/program/binary.h"
#include "store/disk.h"
#include "store/storage.h"

#include <atomic>
#include <cstdlib>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace deliver {
namespace {

constexpr std::chrono::seconds default_redirect_period{12 * 3600};
constexpr const char* too_many = "too many deliveries are sending at once";

std::uint64_t next_count() {
    static std::atomic<std::uint64_t> counter{0};
    return counter++;
}

base::WallTime now(const Task& task) {
    return task.storage.disk().clock.now();
}

mail::Date date_of(base::WallTime time) {
    const std::time_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return {.unix_seconds = seconds, .zone_minutes = static_cast<int>(local.tm_gmtoff / 60)};
}

std::int64_t microseconds_of(base::WallTime time) {
    return time.time_since_epoch().count() % 1'000'000;
}

OutgoingSettings outgoing_settings(const Task& task) {
    const config::Settings& config = *task.settings.config;
    OutgoingSettings settings;
    settings.sendmail_path = config.sendmail_path;
    settings.submission_host = config.submission_host;
    settings.timeout = config.submission_timeout;
    settings.hostname = task.settings.hostname;
    settings.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                            "USER=" + task.recipient.user.name};
    if (!task.settings.home.empty()) settings.environment.push_back("HOME=" + task.settings.home);
    if (const char* zone = std::getenv("TZ"))
        settings.environment.push_back(std::string("TZ=") + zone);
    return settings;
}

mail::ReportContext report_context(const Task& task) {
    const base::WallTime time = now(task);
    mail::ReportContext context;
    context.now = date_of(time);
    context.microseconds = microseconds_of(time);
    context.counter = next_count();
    context.process_id = ::getpid();
    context.hostname = task.settings.hostname;
    context.postmaster = task.settings.postmaster;
    return context;
}

// What a redirect asks the next server for (RFC 6009).
Wishes wishes_of(const sieve::Redirect& redirect, std::int64_t now_seconds) {
    Wishes wishes;
    wishes.notify = redirect.dsn.notify.value_or("");
    wishes.ret = redirect.dsn.ret.value_or("");
    if (redirect.deliver_by)
        wishes.by = Wishes::By{.seconds = redirect.deliver_by->at - now_seconds,
                               .returns = redirect.deliver_by->returns,
                               .trace = redirect.deliver_by->trace};
    return wishes;
}

OwnAddresses own_addresses(const Task& task) {
    OwnAddresses own;
    own.recipient = task.recipient.address;
    own.original_recipient = task.envelope.original_recipient.value_or("");
    own.user_email = task.settings.plugin("sieve_user_email").value_or("");
    own.postmaster = task.settings.postmaster;
    return own;
}

std::string shown_sender(const Envelope& envelope) {
    return '<' + (is_null_sender(envelope) ? std::string() : *envelope.sender) + '>';
}

// What names the message where it has no Message-ID: a second attempt gets the same octets.
std::string content_id(const Task& task) {
    std::size_t from = 0;
    if (task.record.protocol == service_name(Protocol::lmtp))  // on top is our own, with the time
        for (const mail::Field field : task.message.header().find("Received")) {
            from = field.offset + field.size;
            break;
        }
    return sieve::to_string(sieve::hash_source(task.message.bytes().substr(from)));
}

void add_to(std::string& list, const std::string& what) {
    list += (list.empty() ? "" : ", ") + what;
}

}  // namespace

Sending::Sending(Task& task)
    : task_(task), outgoing_(outgoing_settings(task)), own_(own_addresses(task)) {}

bool Sending::reserve() {
    if (task_.sending_slots == nullptr || slot_) return true;
    slot_ = task_.sending_slots->take();
    return slot_ != nullptr;
}

Sent Sending::send(const Letter& letter) {
    if (task_.deadline.is_over())
        return {Sent::Result::temporary, "the time for this delivery is over"};
    if (!reserve()) return {Sent::Result::temporary, too_many};
    if (task_.send) return task_.send(letter);
    OutgoingSettings settings = outgoing_;
    settings.timeout = task_.deadline.cut(outgoing_.timeout);
    return send_letter(settings, letter);
}

void Sending::tell_sent_before_failure() const {
    if (!sent_anything()) return;
    task_.settings.log.error("sieve: msgid=" + task_.log.message_id() +
                             ": the message was sent to " + sent_to_ + " before the failure; " +
                             (all_remembered_ ? "the next attempt will not send it there again"
                                              : "the next attempt may send it there again"));
}

std::string Sending::redirect_key(const sieve::Redirect& redirect) const {
    const bool has_id = task_.log.has_message_id();
    std::string key = has_id ? "redirect" : "redirect of";
    const auto add = [&key](std::string_view piece) { (key += '\0') += piece; };
    add(has_id ? task_.log.message_id() : content_id(task_));
    add(own_.original_recipient);
    add(base::to_lower(redirect.address));
    for (const char* name : {"Resent-Message-ID", "Resent-From", "List-Id"})
        add(task_.message.header().first(name).value_or(""));
    return sieve::to_string(sieve::hash_source(key));
}

bool Sending::is_duplicate(const sieve::Redirect& redirect) const {
    return task_.memory.claim(redirect_key(redirect));
}

bool Sending::would_skip(const sieve::Redirect& redirect) const {
    return is_redirect_loop(task_.message.header(), own_.own()) || is_duplicate(redirect);
}

void Sending::tell_skipped(const sieve::Redirect& redirect, const sieve::Origin& origin) {
    RecordedAction action = recorded_action("redirect", redirect.address, origin);
    action.result = "skipped";
    if (is_redirect_loop(task_.message.header(), own_.own())) {
        task_.log.sieve("redirect action: not forwarding message to <" + redirect.address +
                        ">: the `x-sieve-redirected-from' header indicates a mail loop");
        action.detail = "X-Sieve-Redirected-From names " + own_.own() + " already: a mail loop";
    } else {
        task_.log.sieve("redirect action: discarded duplicate forward to <" + redirect.address +
                        '>');
        action.detail = "the same message was forwarded there before";
    }
    task_.record.actions.push_back(std::move(action));
}

ActionResult Sending::redirect(const sieve::Redirect& redirect, const MessageText& message,
                               const sieve::Origin& origin, const ScriptFile* script) {
    RedirectCopy copy;
    make_redirect_copy(copy, message, own_.own(), next_message_id(task_));
    Letter letter;
    letter.sender = redirect_sender(address_setting("sieve_redirect_envelope_from", "sender"),
                                    task_.envelope, own_);
    if (redirect.asks_for_reports() && !is_null_sender(task_.envelope)) letter.sender = own_.own();
    letter.recipient = redirect.address;
    letter.content = copy.pieces;
    letter.wishes = wishes_of(redirect, date_of(now(task_)).unix_seconds);
    const std::string key = redirect_key(redirect);
    const Sent sent = send(letter);
    RecordedAction action = recorded_action("redirect", redirect.address, origin);
    action.detail = sent.text;
    if (sent.ok()) {
        add_to(sent_to_, '<' + redirect.address + '>');
        const auto period = task_.settings.plugin_time("sieve_redirect_duplicate_period")
                                .value_or(default_redirect_period);
        all_remembered_ &= period.count() > 0 && task_.memory.remember(key, period);
        task_.log.sieve("redirect action: forwarded to <" + redirect.address + '>');
        action.result = "done";
        task_.record.actions.push_back(std::move(action));
        return ActionResult::done;
    }
    const bool temporary = sent.result == Sent::Result::temporary;
    const std::string text = "redirect action: failed to redirect message to <" + redirect.address +
                             ">: " + sent.text + " (" + (temporary ? "temporary" : "permanent") +
                             " failure)";
    task_.log.sieve_error(text);
    if (script != nullptr && !script->is_global())
        task_.user_log.write("error: " + task_.log.formatted(text));
    action.result = "failed";
    task_.record.actions.push_back(std::move(action));
    return temporary ? ActionResult::temporary : ActionResult::failed;
}

ActionResult Sending::pipe(const sieve::Pipe& pipe, const MessageText& message,
                           const sieve::Origin& origin, const ScriptFile* script) {
    RecordedAction action = recorded_action("pipe", pipe.program, origin);
    const ProgramEnd end =
        run_program(program_world(task_), {.kind = ProgramKind::pipe,
                                           .program = pipe.program,
                                           .arguments = pipe.arguments,
                                           .input = {message.header_bytes, message.rest}});
    if (end.ok) {
        task_.log.sieve("pipe action: piped message to program `" + pipe.program + '\'');
        action.result = "done";
        task_.record.actions.push_back(std::move(action));
        add_to(sent_to_, "program `" + pipe.program + '\'');
        all_remembered_ = false;
        return ActionResult::done;
    }
    end.tell(task_.settings.log);
    tell_script_error(task_, script, "",
                      "failed to pipe message to program `" + pipe.program +
                          "': refer to server log for more information. [" +
                          local_time_text(now(task_)) + ']');
    action.result = pipe.ignore_failure ? "skipped" : "failed";
    action.detail = end.why;
    task_.record.actions.push_back(std::move(action));
    if (pipe.ignore_failure) return ActionResult::skipped;
    return end.temporary ? ActionResult::temporary : ActionResult::failed;
}

ActionResult Sending::reject_by_message(const sieve::Reject& reject, const sieve::Origin& origin) {
    RecordedAction action = recorded_action("reject", shown_sender(task_.envelope), origin);
    if (is_null_sender(task_.envelope) || mail::is_auto_submitted(task_.message.header())) {
        action.result = "skipped";
        action.detail = is_null_sender(task_.envelope)
                            ? "no message is sent to the null sender; the mail is discarded"
                            : "no message is sent for automatic mail; the mail is discarded";
        task_.log.sieve("reject action: not sending reject message: " + action.detail);
        task_.record.actions.push_back(std::move(action));
        return ActionResult::done;
    }
    const config::Settings& config = *task_.settings.config;
    mail::Rejection rejection;
    rejection.sender = *task_.envelope.sender;
    rejection.recipient = task_.recipient.address;
    rejection.orig_recipient = own_.original_recipient;
    rejection.reason = reject.reason;
    rejection.subject_pattern = config.rejection_subject;
    rejection.reason_pattern = config.rejection_reason;
    const std::string report =
        mail::disposition_report(report_context(task_), rejection, task_.message);
    const Sent sent = send({{}, rejection.sender, {report}});
    action.detail = sent.text;
    action.result = sent.ok() ? "done" : "failed";
    task_.record.actions.push_back(std::move(action));
    if (sent.ok()) {
        add_to(sent_to_, shown_sender(task_.envelope));
        all_remembered_ = false;
        task_.log.sieve("reject action: rejected message from " + shown_sender(task_.envelope) +
                        " (reject)");
        return ActionResult::done;
    }
    task_.log.sieve_error("reject action: failed to send reject message to " +
                          shown_sender(task_.envelope) + ": " + sent.text);
    return sent.result == Sent::Result::temporary ? ActionResult::temporary : ActionResult::failed;
}

bool Sending::was_replied_by_dovecot(const sieve::Vacation& vacation) const {
    const std::string& home = task_.settings.home;
    import_lda_dupes(task_.memory, home, task_.recipient.user.name,
                     date_of(now(task_)).unix_seconds);
    return task_.memory.remembers(imported_vacation_key(*task_.envelope.sender, vacation));
}

void Sending::vacation(const sieve::Vacation& vacation, const MessageText& message,
                       const sieve::Origin& origin) {
    RecordedAction action = recorded_action("vacation", shown_sender(task_.envelope), origin);
    const VacationRules rules = vacation_rules(task_.settings);
    const VacationSubject subject{message.header, task_.envelope, own_};
    const std::string key = vacation_key(vacation, subject);
    std::string why;
    try {
        why = why_no_vacation(vacation, subject, rules, [&] {
            return task_.memory.claim(key) || was_replied_by_dovecot(vacation);
        });
    } catch (const memory::TooManyWaiting& error) {
        why = error.what();  // one of them answers
    }
    if (!why.empty()) {
        task_.log.sieve("vacation action: " + why);
        action.result = "skipped";
        action.detail = std::move(why);
        task_.record.actions.push_back(std::move(action));
        return;
    }
    const std::string reply =
        vacation_reply(vacation, subject, rules, date_of(now(task_)), next_message_id(task_));
    const std::string from = rules.send_from_recipient ? own_.recipient : std::string();
    const std::int64_t period = vacation_period(vacation, rules);
    if (vacation.period_seconds >= 0 && period > vacation.period_seconds)
        task_.user_log.write("warning: " +
                             task_.log.formatted("vacation action: the period is below the minimum "
                                                 "of sieve_vacation_min_period, which is used"));
    const bool remembered = period == 0 || task_.memory.remember(key, std::chrono::seconds(period));
    const Sent sent = remembered
                          ? send({from, *task_.envelope.sender, {reply}})
                          : Sent{Sent::Result::temporary,
                                 "it cannot be remembered, so it would be sent again and again"};
    action.detail = sent.text;
    action.result = sent.ok() ? "done" : "failed";
    task_.record.actions.push_back(std::move(action));
    if (!sent.ok()) {
        if (remembered && period > 0) task_.memory.forget(key);
        task_.log.sieve_error("vacation action: failed to send vacation response to " +
                              shown_sender(task_.envelope) + ": " + sent.text);
        return;
    }
    task_.log.sieve("vacation action: sent vacation response to " + shown_sender(task_.envelope));
    if (vacation.file_copy) file_copy(task_, *vacation.file_copy, reply, origin);
}

void Sending::notify(const sieve::Notify& notify, const MessageText& message,
                     const sieve::Origin& origin) {
    std::vector<std::string> recipients = notify.to;
    recipients.insert(recipients.end(), notify.cc.begin(), notify.cc.end());
    std::string shown;
    for (const std::string& each : recipients)
        add_to(shown, '<' + each + '>');
    RecordedAction action = recorded_action("notify", shown, origin);
    const NotifySubject subject{message.header, task_.envelope, own_};
    if (std::string why = why_no_notification(subject); !why.empty()) {
        task_.log.sieve("notify action: " + why);
        action.result = "skipped";
        action.detail = std::move(why);
        task_.record.actions.push_back(std::move(action));
        return;
    }
    const std::string text =
        notification(notify, subject, date_of(now(task_)), next_message_id(task_));
    const std::string sender = notification_sender(
        notify, address_setting("sieve_notify_mailto_envelope_from", ""), subject);
    bool all_sent = true;
    bool any_sent = false;
    for (const std::string& recipient : recipients) {
        const Sent sent = send({sender, recipient, {text}});
        any_sent |= sent.ok();
        if (sent.ok()) continue;
        all_sent = false;
        action.detail = '<' + recipient + ">: " + sent.text;
        task_.log.sieve_error("notify action: failed to send mail notification to <" + recipient +
                              ">: " + sent.text);
    }
    action.result = all_sent ? "done" : "failed";
    task_.record.actions.push_back(std::move(action));
    if (all_sent) task_.log.sieve("notify action: sent mail notification to " + shown);
    if (any_sent && notify.file_copy) file_copy(task_, *notify.file_copy, text, origin);
}

// A bad value is told, and the usual one holds (sieve-compat 2).
std::string Sending::address_setting(const char* name, const char* usual) const {
    const std::string value = task_.settings.plugin(name).value_or(usual);
    if (value.empty() || is_address_setting(value)) return value;
    task_.settings.log.warning("sieve: " + std::string(name) + ": '" + base::printable(value, 200) +
                               "' is no keyword and no address in angle brackets; it is ignored");
    return usual;
}

// sieve_report_from: as sieve_redirect_envelope_from; whoever has no address is the postmaster.
std::string Sending::report_author() const {
    const std::string setting = address_setting("sieve_report_from", "postmaster");
    std::string address =
        address_by_keyword(setting, own_)
            .value_or(is_null_sender(task_.envelope) ? std::string() : *task_.envelope.sender);
    if (address.empty() || address == own_.postmaster)
        return mail::postmaster_mailbox(own_.postmaster);
    return '<' + address + '>';
}

void Sending::report(const sieve::Report& report, const MessageText& message,
                     const sieve::Origin& origin) {
    RecordedAction action = recorded_action("report", report.address, origin);
    if (own_.has(report.address)) {  // it would come here again (spec-bosch-sieve-report §3)
        action.result = "skipped";
        action.detail = "no report is sent to the user's own address";
        task_.log.sieve("report action: not sending report to <" + report.address +
                        ">: it is the user's own address");
        task_.record.actions.push_back(std::move(action));
        return;
    }
    mail::Feedback feedback;
    feedback.from = report_author();
    feedback.to = report.address;
    feedback.type = report.feedback_type;
    feedback.text = report.text;
    feedback.sender = task_.envelope.sender.value_or("");
    feedback.recipient = task_.recipient.address;
    feedback.user = own_.own();
    feedback.user_agent = "Tamis";
    feedback.message_id = next_message_id(task_);
    feedback.headers_only = report.headers_only;
    const std::string text =
        mail::feedback_report(report_context(task_), feedback, message.header_bytes, message.rest);
    const Sent sent = send({{}, report.address, {text}});
    action.result = sent.ok() ? "done" : "failed";
    action.detail = sent.text;
    task_.record.actions.push_back(std::move(action));
    if (sent.ok())
        task_.log.sieve("report action: sent `" + report.feedback_type + "' report to <" +
                        report.address + '>');
    else
        task_.log.sieve_error("report action: failed to send `" + report.feedback_type +
                              "' report to <" + report.address + ">: " + sent.text);
}

ProgramWorld program_world(const Task& task) {
    return {task.settings, task.envelope, task.recipient.user.name, task.recipient.address,
            task.deadline};
}

std::string next_message_id(const Task& task) {
    const base::WallTime time = now(task);
    return mail::make_message_id("dovecot-sieve", date_of(time).unix_seconds, microseconds_of(time),
                                 next_count(), task.settings.hostname);
}

}  // namespace deliver
