// SPDX-License-Identifier: MIT
#include "auth/sasl/mechanism.h"

#include "auth/sasl/limits.h"
#include "auth/sasl/table.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/secret_bytes.h"

#include <stdexcept>

namespace auth::sasl {

std::string random_nonce(std::size_t bytes) {
    return write_base64(random_bytes(bytes));
}

Mechanism::Mechanism(const MechanismInfo& info, std::shared_ptr<const Settings> settings, Peer peer)
    : info_(info), settings_(std::move(settings)), peer_(std::move(peer)) {}

Step Mechanism::checked(Step step) {
    if (std::holds_alternative<Challenge>(step)) {
        next_ = Next::response;
    } else if (std::holds_alternative<Success>(step) || std::holds_alternative<Failure>(step)) {
        next_ = Next::nothing;
    } else {
        next_ = Next::answer;
    }
    return step;
}

Step Mechanism::start(std::optional<std::string_view> initial_response) {
    if (next_ != Next::start) throw std::logic_error("a SASL exchange begins once");
    if (initial_response && initial_response->size() > info_.max_message_bytes)
        return checked(Failure{FailureKind::bad_data, {}, "too long a message"});
    return checked(on_start(initial_response));
}

Step Mechanism::respond(std::string_view response) {
    if (next_ != Next::response) throw std::logic_error("no SASL challenge is open");
    if (response.size() > info_.max_message_bytes)
        return checked(Failure{FailureKind::bad_data, {}, "too long a message"});
    return checked(on_response(response));
}

Step Mechanism::answer(const Answer& given) {
    if (next_ != Next::answer) throw std::logic_error("no SASL need is open");
    if (const auto* verdict = std::get_if<Verdict>(&given)) return checked(on_verdict(*verdict));
    if (const auto* secret = std::get_if<Secret>(&given)) return checked(on_secret(*secret));
    if (const auto* none = std::get_if<NoSecret>(&given)) return checked(on_no_secret(*none));
    return checked(on_token(std::get<TokenVerdict>(given)));
}

Step Mechanism::on_start(std::optional<std::string_view> initial_response) {
    // RFC 4422 §5: a client without an initial response is asked for its first message by an empty
    // challenge. So is, as in Dovecot, one that sent nothing in it: most messages cannot be empty.
    if (!initial_response || initial_response->empty()) return Challenge{};
    return on_response(*initial_response);
}

Step Mechanism::on_verdict(Verdict) {
    throw std::logic_error("a verdict is no answer here");
}
Step Mechanism::on_secret(const Secret&) {
    throw std::logic_error("a secret is no answer here");
}
Step Mechanism::on_no_secret(const NoSecret&) {
    throw std::logic_error("the lack of a secret is no answer here");
}
Step Mechanism::on_token(const TokenVerdict&) {
    throw std::logic_error("a token's verdict is no answer here");
}

Step Mechanism::conclude(Verdict verdict, const Identity& identity) {
    switch (verdict) {
        case Verdict::right:
            return Success{identity, std::nullopt, {}, {}};
        case Verdict::wrong:
            return Failure{FailureKind::wrong_secret, identity.user, "password mismatch"};
        case Verdict::unknown_user:
            return Failure{FailureKind::unknown_user, identity.user, "unknown user"};
        case Verdict::temporary:
            break;
    }
    return Failure{FailureKind::temporary, identity.user, "the look-up failed"};
}

}  // namespace auth::sasl
