// SPDX-License-Identifier: MIT
// The envelope: MAIL and RCPT.
#include "base/clock.h"
#include "base/text.h"
#include "lmtp/parameters.h"
#include "lmtp/reply.h"
#include "lmtp/session_state.h"

#include <chrono>
#include <exception>
#include <optional>

namespace lmtp {
namespace {

// The path at the front of `text`, cut off from it; or why there is none.
base::Result<mail::Path, std::string> parse_path(std::string_view& text, const Settings& settings) {
    if (text.starts_with(' ')) {
        if (!settings.whitespace_before_path)
            return base::Unexpected{std::string("Unexpected whitespace before path")};
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (text.empty()) return base::Unexpected{std::string("Path is empty string")};
    if (text.front() != '<') {
        if (!settings.mailbox_for_path)
            return base::Unexpected{std::string("Missing '<' at beginning of path")};
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        return mail::parse_path(word);
    }
    base::Result<mail::Path, std::string> path = mail::take_path(text);
    if (path && !text.empty() && text.front() != ' ')
        return base::Unexpected{std::string("Missing '>' at end of path")};
    return path;
}

// What MAIL's parameters say; or the reply that refuses them.
struct MailParameters {
    bool smtputf8 = false;
    bool binary = false;
    sieve::DsnParameters dsn;
    std::optional<DeliverBy> by;
    std::string refusal;
};

MailParameters read_mail_parameters(std::string_view text, const Limits& limits) {
    MailParameters read;
    auto parameters = parse_parameters(text);
    if (!parameters) {
        read.refusal = "501 5.5.4 Invalid parameters";
        return read;
    }
    for (const Parameter& parameter : *parameters) {
        std::string_view value = parameter.value.value_or("");
        if (base::iequals(parameter.key, "BODY")) {  // RFC 6152, RFC 3030
            if (value.empty()) {
                read.refusal = "501 5.5.4 Missing BODY= parameter value";
            } else if (base::iequals(value, "BINARYMIME")) {
                read.binary = true;
            } else if (!base::iequals(value, "7BIT") && !base::iequals(value, "8BITMIME")) {
                read.refusal = "555 5.5.4 Unsupported mail BODY type";
            }
        } else if (base::iequals(parameter.key, "SIZE")) {  // RFC 1870
            auto size = base::parse_number<std::uint64_t>(value);
            if (!size) {
                read.refusal = "501 5.5.4 Invalid SIZE= parameter value";
            } else if (limits.message_bytes > 0 && *size > limits.message_bytes) {
                read.refusal = "552 5.3.4 Message size exceeds fixed maximum message size";
            }
        } else if (base::iequals(parameter.key, "SMTPUTF8")) {  // RFC 6531
            if (parameter.value) read.refusal = "501 5.5.4 Invalid SMTPUTF8 parameter";
            read.smtputf8 = true;
        } else if (base::iequals(parameter.key, "RET")) {  // RFC 3461 §4.3: the MTA's business
            if (!base::iequals(value, "FULL") && !base::iequals(value, "HDRS"))
                read.refusal = "501 5.5.4 Invalid RET= parameter value";
            read.dsn.ret = base::to_upper(value);
        } else if (base::iequals(parameter.key, "ENVID")) {  // RFC 3461 §4.4
            read.dsn.envid = decode_xtext(value);
            if (!read.dsn.envid) read.refusal = "501 5.5.4 Invalid ENVID= parameter value";
        } else if (base::iequals(parameter.key, "BY")) {  // RFC 2852 §4
            read.by = parse_deliver_by(value);
            if (!read.by) read.refusal = "501 5.5.4 Invalid BY= parameter value";
        } else {
            read.refusal = "555 5.5.4 Unsupported parameters";
        }
        if (!read.refusal.empty()) return read;
    }
    return read;
}

struct RcptParameters {
    std::optional<std::string> original_recipient;
    std::optional<std::string> orcpt;  // with its address type
    std::optional<std::string> notify;
    std::string refusal;
};

RcptParameters read_rcpt_parameters(std::string_view text) {
    RcptParameters read;
    auto parameters = parse_parameters(text);
    if (!parameters) {
        read.refusal = "501 5.5.4 Invalid parameters";
        return read;
    }
    for (const Parameter& parameter : *parameters) {
        std::string_view value = parameter.value.value_or("");
        if (base::iequals(parameter.key, "ORCPT")) {
            OriginalRecipient original = parse_orcpt(value);
            if (!original.error.empty()) {
                read.refusal.append("501 5.5.4 ").append(original.error);
                return read;
            }
            read.orcpt = original.type + ';' + original.address;
            read.original_recipient = std::move(original.address);
        } else if (base::iequals(parameter.key, "NOTIFY")) {
            if (!is_notify(value)) {
                read.refusal = "501 5.5.4 Invalid NOTIFY= parameter value";
                return read;
            }
            read.notify = base::to_upper(value);
        } else {
            read.refusal = "555 5.5.4 Unsupported parameters";
            return read;
        }
    }
    return read;
}

}  // namespace

base::Step Session::State::mail(std::string_view arguments) {
    if (transaction) return reply("503 5.5.0 MAIL already given");
    if (!base::istarts_with(arguments, "FROM:")) return reply("501 5.5.4 Invalid parameters");
    arguments.remove_prefix(5);
    auto path = parse_path(arguments, settings());
    if (!path) return reply("501 5.5.4 Invalid FROM: " + path.error());
    std::string sender = path->is_null() ? "" : mail::address_text(*path);
    MailParameters parameters = read_mail_parameters(arguments, settings().limits);
    if (!parameters.refusal.empty()) return reply(parameters.refusal);

    ++transactions;
    base::Spool::Limits spool = settings().spool;
    if (parameters.binary) spool.line_ends = base::Spool::LineEnds::as_they_come;
    transaction = std::make_shared<Transaction>(std::move(spool));
    transaction->id = peer.session;
    if (transactions > 1) transaction->id += ":T" + std::to_string(transactions);
    transaction->binary = parameters.binary;
    deliver::Envelope& envelope = transaction->envelope;
    envelope.sender = std::move(sender);
    envelope.smtputf8 = parameters.smtputf8;
    envelope.auth_user = login;
    envelope.remote_address = forwarded.address.empty() ? peer.address : forwarded.address;
    envelope.remote_host = forwarded.host;
    envelope.helo = forwarded.helo.empty() ? helo : forwarded.helo;
    envelope.queue_id = forwarded.queue_id;
    envelope.dsn = std::move(parameters.dsn);
    if (parameters.by)
        envelope.deliver_by =
            sieve::DeliverBy{.at = std::chrono::duration_cast<std::chrono::seconds>(
                                       services.clock->now().time_since_epoch())
                                       .count() +
                                   parameters.by->seconds,
                             .returns = parameters.by->returns,
                             .trace = parameters.by->trace};
    stage = "MAIL FROM";
    return reply("250 2.1.0 OK");
}

base::Step Session::State::rcpt(std::string_view arguments) {
    if (!transaction) return reply("503 5.5.0 MAIL needed first");
    if (transaction->data_begun) return reply("503 5.5.0 RCPT not permitted after BDAT");
    if (!base::istarts_with(arguments, "TO:")) return reply("501 5.5.4 Invalid parameters");
    arguments.remove_prefix(3);
    auto path = parse_path(arguments, settings());
    if (!path) return reply("501 5.5.4 Invalid TO: " + path.error());
    if (path->is_null()) return reply("501 5.5.4 Invalid TO: Null path not allowed");
    std::string address = mail::address_text(*path);
    RcptParameters parameters = read_rcpt_parameters(arguments);
    if (!parameters.refusal.empty()) return reply(parameters.refusal);
    if (transaction->replies.size() >= settings().limits.recipients)
        return reply("451 4.5.3 Too many recipients");

    ++transaction->attempts;
    if (auto known = transaction->by_address.find(address);
        known != transaction->by_address.end()) {
        transaction->replies.push_back(known->second);
        return reply("250 2.1.5 OK");
    }
    pending = std::make_shared<PendingRecipient>();
    pending->path = *path;
    pending->envelope = transaction->envelope;
    pending->envelope.recipient = std::move(address);
    pending->envelope.original_recipient = std::move(parameters.original_recipient);
    pending->envelope.dsn.orcpt = std::move(parameters.orcpt);
    pending->envelope.dsn.notify = std::move(parameters.notify);
    pending->envelope.session = transaction->id;
    if (transaction->attempts > 1)
        pending->envelope.session += ":R" + std::to_string(transaction->attempts);

    base::Job job = [asked = pending, backend = services.backend, lines = log] {
        try {
            asked->verdict = backend->check(asked->path, asked->envelope);
        } catch (const std::exception& error) {
            lines.error("Failed to look up recipient <" + asked->envelope.recipient +
                        ">: " + error.what());
        }
    };
    if (!services.backend->check_may_block()) {
        job();
        return check_done();
    }
    work = Work::check;
    base::Step step;
    step.want = base::Want::work;
    step.jobs.push_back(std::move(job));
    return step;
}

base::Step Session::State::check_done() {
    std::shared_ptr<PendingRecipient> asked = std::move(pending);
    const std::string address = asked->envelope.recipient;
    base::Step step;
    if (const auto* refusal = std::get_if<deliver::Disposition>(&asked->verdict)) {
        step.output = recipient_reply(*refusal, address);
        return step;
    }
    AcceptedRecipient accepted;
    accepted.recipient = std::get<Recipient>(std::move(asked->verdict));
    accepted.envelope = std::move(asked->envelope);
    if (unsigned limit = settings().limits.deliveries_per_user; limit > 0) {
        accepted.slot = services.slots->take(accepted.recipient.user, limit);
        if (!accepted.slot)
            return reply("451 4.3.0 <" + address + "> Too many concurrent deliveries for user");
    }
    transaction->by_address.emplace(address, transaction->recipients.size());
    transaction->replies.push_back(transaction->recipients.size());
    transaction->recipients.push_back(std::move(accepted));
    stage = "RCPT TO";
    return reply("250 2.1.5 OK");
}

}  // namespace lmtp
