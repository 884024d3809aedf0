// SPDX-License-Identifier: MIT
#include "lmtp/session.h"

#include "base/text.h"
#include "lmtp/session_state.h"

#include <algorithm>

namespace lmtp {
namespace {

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

Session::Session(Services services, Peer peer, base::Log log)
    : state_(std::make_unique<State>(std::move(services), std::move(peer), std::move(log))) {}

Session::~Session() = default;

base::Step Session::start() {
    state_->log.info("Connect from " + state_->peer_name());
    return reply("220 " + state_->settings().hostname + " " + state_->settings().greeting);
}

std::size_t Session::max_line_bytes() const {
    return state_->settings().limits.line_bytes;
}

base::Step Session::on_line(std::string_view line) {
    return state_->judge(state_->command(line));
}

base::Step Session::on_long_line() {
    return state_->judge(reply("500 5.5.2 Line too long"));
}

base::Step Session::on_data(std::string_view bytes) {
    if (state_->phase == State::Phase::dot_data) return state_->dot_data(bytes);
    return state_->judge(state_->chunk(bytes));
}

base::Step Session::on_work_done() {
    State::Work work = std::exchange(state_->work, State::Work::none);
    return work == State::Work::check ? state_->check_done() : state_->delivery_done();
}

base::Step Session::on_tls(std::string_view description) {
    // RFC 3207 §4.2: whatever the client said before is forgotten.
    state_->peer.tls = description;
    state_->helo.clear();
    state_->login.clear();
    state_->end_transaction();
    state_->stage = "GREETING";
    return {};
}

bool Session::between_commands() const {
    return state_->phase == State::Phase::commands && state_->work == State::Work::none &&
           !(state_->transaction && state_->transaction->chunked);
}

std::string Session::farewell(base::End reason) {
    const std::string& host = state_->settings().hostname;
    switch (reason) {
        case base::End::inactivity:
            state_->close_reason = "Disconnected for inactivity";
            return "421 4.4.2 " + host + " Disconnected for inactivity\r\n";
        case base::End::shutdown:
            state_->close_reason = "Shutting down";
            return "421 4.3.2 " + host + " Shutting down\r\n";
        case base::End::too_many_connections:
            state_->close_reason = "Too many connections";
            return "421 4.3.2 " + host + " Too many connections\r\n";
    }
    return {};
}

void Session::on_close(std::string_view reason) {
    std::string why = state_->close_reason.empty() ? std::string(reason) : state_->close_reason;
    state_->log.info("Disconnect from " + state_->peer_name() + ": " + why +
                     " (state=" + state_->stage + ")");
}

void Session::State::end_transaction() {
    transaction.reset();
    forwarded = {};
    phase = Phase::commands;
    if (stage != "GREETING") stage = "READY";
}

base::Step Session::State::command(std::string_view line) {
    using Command = base::Step (State::*)(std::string_view);
    static constexpr std::pair<std::string_view, Command> commands[] = {
        {"LHLO", &State::lhlo},       {"MAIL", &State::mail},
        {"RCPT", &State::rcpt},       {"DATA", &State::data},
        {"BDAT", &State::bdat},       {"RSET", &State::rset},
        {"NOOP", &State::noop},       {"QUIT", &State::quit},
        {"VRFY", &State::vrfy},       {"STARTTLS", &State::starttls},
        {"XCLIENT", &State::xclient}, {"XFORWARD", &State::xforward},
    };
    while (!line.empty() && line.back() == ' ')
        line.remove_suffix(1);
    std::size_t space = std::min(line.find(' '), line.size());
    std::string_view verb = line.substr(0, space);
    std::string_view arguments = line.substr(std::min(space + 1, line.size()));
    if (line.empty()) return reply("500 5.5.1 Unknown command");
    if (!std::ranges::all_of(verb, is_letter) || std::ranges::any_of(line, is_control) ||
        verb.empty() || arguments.starts_with(' '))
        return reply("500 5.5.2 Invalid command syntax");
    for (const auto& [name, function] : commands) {
        if (base::iequals(verb, name)) return (this->*function)(arguments);
    }
    return reply("500 5.5.1 Unknown command");
}

// Ends the dialogue of a client that gets one thing after the other wrong (compat 4.1).
base::Step Session::State::judge(base::Step step) {
    std::string_view code = std::string_view(step.output).substr(0, 3);
    if (code == "500" || code == "501" || code == "503") {
        ++bad_commands;
    } else if (!code.empty()) {
        bad_commands = 0;
    }
    if (bad_commands <= settings().limits.bad_commands) return step;
    close_reason = "Too many invalid commands.";
    step.output = "421 4.7.0 " + settings().hostname + " Too many invalid commands.\r\n";
    step.want = base::Want::close;
    return step;
}

base::Step Session::State::quit(std::string_view arguments) {
    if (!arguments.empty()) return reply("501 5.5.4 Invalid parameters");
    close_reason = "Logged out";
    base::Step step = reply("221 2.0.0 Bye");
    step.want = base::Want::close;
    return step;
}

base::Step Session::State::rset(std::string_view arguments) {
    if (!arguments.empty()) return reply("501 5.5.4 Invalid parameters");
    end_transaction();
    stage = "READY";
    return reply("250 2.0.0 OK");
}

base::Step Session::State::noop(std::string_view) {
    return reply("250 2.0.0 OK");
}

base::Step Session::State::vrfy(std::string_view arguments) {
    if (arguments.empty()) return reply("501 5.5.4 Invalid parameters");
    return reply("252 2.3.3 Try RCPT instead");
}

}  // namespace lmtp
