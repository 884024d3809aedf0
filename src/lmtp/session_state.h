// SPDX-License-Identifier: MIT
// The inside of lmtp::Session, split over session*.cpp by groups of commands. Each command function
// gets what follows the verb and the space, and returns what to answer and what comes next.
#pragma once

#include "lmtp/backend.h"
#include "lmtp/session.h"
#include "lmtp/transaction.h"
#include "lmtp/user_slots.h"
#include "mail/address.h"

#include <memory>
#include <string>
#include <string_view>

namespace lmtp {

// What XFORWARD told of the client whose message comes next; forgotten with the transaction.
struct Forwarded {
    std::string address;
    std::string host;
    std::string helo;
    std::string queue_id;
};

// A RCPT that waits for the backend; shared with its job.
struct PendingRecipient {
    mail::Path path;
    deliver::Envelope envelope;
    Verdict verdict = deliver::Disposition{};  // temporary failure until the backend says otherwise
};

struct Session::State {
    State(Services the_services, Peer the_peer, base::Log the_log)
        : services(std::move(the_services)), peer(std::move(the_peer)), log(std::move(the_log)) {}

    enum class Phase { commands, dot_data, chunk };
    // What the running jobs are for.
    enum class Work { none, check, delivery };

    Services services;
    Peer peer;  // with what XCLIENT changed
    base::Log log;

    std::string helo;
    std::string login;  // XCLIENT LOGIN
    Forwarded forwarded;
    std::string stage = "GREETING";  // for the disconnect line
    std::string close_reason;        // set when the session itself ends the dialogue
    std::size_t bad_commands = 0;    // in a row
    std::size_t transactions = 0;

    Phase phase = Phase::commands;
    std::uint64_t chunk_size = 0;
    std::uint64_t chunk_left = 0;
    bool chunk_is_last = false;
    std::string chunk_refusal;  // the reply when this chunk's octets are only to be skipped

    std::shared_ptr<Transaction> transaction;
    Work work = Work::none;
    std::shared_ptr<PendingRecipient> pending;

    const Settings& settings() const { return *services.settings; }
    std::string peer_name() const { return peer.address.empty() ? "local" : peer.address; }
    void end_transaction();

    // session.cpp
    base::Step command(std::string_view line);
    base::Step judge(base::Step step);
    base::Step quit(std::string_view arguments);
    base::Step rset(std::string_view arguments);
    base::Step noop(std::string_view arguments);
    base::Step vrfy(std::string_view arguments);
    // session_client.cpp
    base::Step lhlo(std::string_view arguments);
    base::Step starttls(std::string_view arguments);
    base::Step xclient(std::string_view arguments);
    base::Step xforward(std::string_view arguments);
    // session_mail.cpp
    base::Step mail(std::string_view arguments);
    base::Step rcpt(std::string_view arguments);
    base::Step check_done();
    // session_data.cpp
    base::Step data(std::string_view arguments);
    base::Step bdat(std::string_view arguments);
    base::Step dot_data(std::string_view bytes);
    base::Step chunk(std::string_view bytes);
    base::Step message_done();
    base::Step delivery_done();
    void begin_message();
    void refuse_chunks();
    void store(std::string_view bytes);  // of the client's message
    void keep(std::string_view bytes);   // into the spool
};

// A reply and on to the next line.
inline base::Step reply(std::string_view text) {
    base::Step step;
    step.output.reserve(text.size() + 2);
    step.output.append(text).append("\r\n");
    return step;
}

}  // namespace lmtp
