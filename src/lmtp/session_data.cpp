// SPDX-License-Identifier: MIT
// The message and its delivery: DATA, BDAT, and one reply for each recipient.
#include "base/clock.h"
#include "base/text.h"
#include "lmtp/reply.h"
#include "lmtp/session_state.h"
#include "lmtp/trace.h"

#include <algorithm>
#include <ctime>
#include <exception>

namespace lmtp {
namespace {

constexpr deliver::EnhancedStatus too_big_status{5, 3, 4};
constexpr std::string_view too_big = "Message size exceeds fixed maximum message size";
constexpr std::string_view chunk_failed = "503 5.5.0 Previous data chunk failed, issue RSET first";

int local_zone_minutes(std::int64_t unix_seconds) {
    std::time_t moment = unix_seconds;
    std::tm local{};
    ::localtime_r(&moment, &local);
    return static_cast<int>(local.tm_gmtoff / 60);
}

}  // namespace

base::Step Session::State::data(std::string_view arguments) {
    if (!arguments.empty()) return reply("501 5.5.4 Invalid parameters");
    if (!transaction) return reply("503 5.5.0 MAIL needed first");
    // RFC 3030 §2 and §3: not after BDAT, and not for BINARYMIME.
    if (transaction->chunked || transaction->binary)
        return reply("503 5.5.0 DATA not permitted, use BDAT");
    if (transaction->recipients.empty()) return reply("503 5.5.0 No valid recipients");
    begin_message();
    phase = Phase::dot_data;
    base::Step step = reply("354 OK");
    step.want = base::Want::data;
    return step;
}

base::Step Session::State::bdat(std::string_view arguments) {
    std::vector<std::string_view> words = base::words(arguments);
    auto size = base::parse_number<std::uint64_t>(words.empty() ? "" : words[0]);
    if (!size) {
        refuse_chunks();
        return reply("501 5.5.4 Invalid chunk size parameter");
    }
    // From here on the octets come, whatever is wrong (RFC 3030 §2): they are skipped first.
    chunk_left = chunk_size = *size;
    chunk_is_last = words.size() == 2 && base::iequals(words[1], "LAST");
    chunk_refusal.clear();
    phase = Phase::chunk;
    if (words.size() > 1 && !chunk_is_last) {
        chunk_refusal = "501 5.5.4 Invalid end marker parameter";
    } else if (!transaction) {
        chunk_refusal = "503 5.5.0 MAIL needed first";
    } else if (transaction->failure) {
        chunk_refusal = chunk_failed;
    } else if (transaction->recipients.empty()) {
        chunk_refusal = "503 5.5.0 No valid recipients";
    } else if (!transaction->chunked) {
        begin_message();
        transaction->chunked = true;
    }
    if (chunk_left == 0) return chunk({});
    base::Step step;
    step.want = base::Want::data;
    return step;
}

base::Step Session::State::dot_data(std::string_view bytes) {
    base::Step step;
    while (step.consumed < bytes.size()) {
        DotData::Piece piece = transaction->dots.next(bytes.substr(step.consumed));
        store(piece.text);
        step.consumed += piece.consumed;
        if (piece.ended) {
            std::size_t consumed = step.consumed;
            step = message_done();
            step.consumed = consumed;
            return step;
        }
    }
    step.want = base::Want::data;
    return step;
}

base::Step Session::State::chunk(std::string_view bytes) {
    std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left, bytes.size()));
    if (chunk_refusal.empty()) store(bytes.substr(0, taken));
    chunk_left -= taken;
    base::Step step;
    if (chunk_left > 0) {
        step.want = base::Want::data;
    } else if (!chunk_refusal.empty()) {
        phase = Phase::commands;
        step = reply(chunk_refusal);
        refuse_chunks();
    } else if (chunk_is_last) {
        step = message_done();
    } else if (transaction->failure) {
        phase = Phase::commands;
        step = reply(std::to_string(reply_code(*transaction->failure)) + " " +
                     transaction->failure->status.text() + " " + transaction->failure->text);
    } else {
        phase = Phase::commands;
        step = reply("250 2.0.0 Added " + std::to_string(chunk_size) + " octets");
    }
    step.consumed = taken;
    return step;
}

// What follows a refused chunk would be a message with a hole (RFC 3030 §2: until RSET).
void Session::State::refuse_chunks() {
    if (!transaction) return;
    transaction->chunked = true;
    if (!transaction->failure) transaction->failure = deliver::Disposition{};
}

void Session::State::begin_message() {
    transaction->data_begun = true;
    stage = "DATA";
    Trace trace;
    trace.sender = transaction->envelope.sender.value_or("");
    if (transaction->replies.size() == 1) {
        const deliver::Envelope& only = transaction->recipients.front().envelope;
        trace.recipient = only.recipient;
        trace.original_recipient = only.original_recipient.value_or("");
    }
    trace.helo = helo;
    trace.client_address = peer.address;
    trace.tls = peer.tls;
    trace.id = transaction->id;
    trace.smtputf8 = transaction->envelope.smtputf8;
    trace.unix_seconds =
        std::chrono::duration_cast<std::chrono::seconds>(services.clock->now().time_since_epoch())
            .count();
    trace.zone_minutes = local_zone_minutes(trace.unix_seconds);
    keep(trace_header(trace, settings()));
}

void Session::State::store(std::string_view bytes) {
    if (transaction->failure) return;
    transaction->message_bytes += bytes.size();
    std::uint64_t limit = settings().limits.message_bytes;
    if (limit > 0 && transaction->message_bytes > limit) {
        transaction->failure =
            deliver::Disposition::permanent(too_big_status, std::string(too_big));
        return;
    }
    keep(bytes);
}

void Session::State::keep(std::string_view bytes) {
    try {
        transaction->message.append(bytes);
    } catch (const std::exception& error) {
        log.error(std::string("Failed to keep the message: ") + error.what());
        transaction->failure = deliver::Disposition{};
    }
}

base::Step Session::State::message_done() {
    phase = Phase::commands;
    if (!transaction->failure) {
        try {
            transaction->message.seal();
        } catch (const std::exception& error) {
            log.error(std::string("Failed to keep the message: ") + error.what());
            transaction->failure = deliver::Disposition{};
        }
    }
    if (transaction->failure) {
        for (AcceptedRecipient& accepted : transaction->recipients)
            accepted.disposition = *transaction->failure;
        return delivery_done();
    }
    base::Step step;
    step.want = base::Want::work;
    step.jobs.reserve(transaction->recipients.size());
    for (std::size_t i = 0; i < transaction->recipients.size(); ++i) {
        step.jobs.emplace_back([shared = transaction, i, backend = services.backend, lines = log] {
            AcceptedRecipient& accepted = shared->recipients[i];
            try {
                accepted.disposition = backend->deliver(accepted.envelope, accepted.recipient,
                                                        shared->stored_message());
            } catch (const std::exception& error) {
                lines.error("Failed to deliver to <" + accepted.envelope.recipient +
                            ">: " + error.what());
            }
            accepted.slot.give_back();
        });
    }
    work = Work::delivery;
    return step;
}

// RFC 2033 §4.2: one reply for each RCPT that was accepted, in their order.
base::Step Session::State::delivery_done() {
    base::Step step;
    for (std::size_t index : transaction->replies) {
        const AcceptedRecipient& accepted = transaction->recipients[index];
        bool saved = accepted.disposition.result == deliver::Disposition::Result::delivered;
        step.output += recipient_reply(accepted.disposition, accepted.envelope.recipient,
                                       saved ? accepted.envelope.session : std::string_view());
    }
    stage = "READY";
    end_transaction();
    return step;
}

}  // namespace lmtp
