// SPDX-License-Identifier: MIT
// CRAM-MD5 (RFC 2195), and POP3's APOP (RFC 1939 §7) in the form in which Dovecot's login processes
// hand it to an auth server.
#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "auth/sasl/prepare.h"
#include "auth/sasl/table.h"
#include "auth/secret/digest.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/secret_bytes.h"

#include <chrono>

namespace auth::sasl {
namespace {

constexpr std::size_t md5_bytes = 16;

Failure invalid() {
    return {FailureKind::bad_data, {}, "invalid input"};
}

// What both end with: a digest of the client's that must be the one of the user's secret.
class ChallengeMechanism : public Mechanism {
  public:
    using Mechanism::Mechanism;

  protected:
    Step fetch(std::string_view user, std::string given) {
        if (user.empty()) return Failure{FailureKind::bad_data, {}, "empty username"};
        const auto prepared = prepare_name(user);
        if (!prepared) return invalid();
        identity_.user = *prepared;
        given_ = std::move(given);
        return FetchSecret{identity_, info().secrets};
    }

    // The digest that this secret makes; nothing where it is of no use.
    virtual std::optional<std::string> expected(const Secret& secret) const = 0;

    Step on_secret(const Secret& secret) override {
        const auto wanted = expected(secret);
        if (!wanted)
            return Failure{FailureKind::temporary, identity_.user, "damaged stored secret"};
        return conclude(same_secret(*wanted, given_) ? Verdict::right : Verdict::wrong, identity_);
    }

    Step on_no_secret(const NoSecret& none) override {
        if (none.why == NoSecret::Why::temporary) return conclude(Verdict::temporary, identity_);
        // The same work as for a user whom we know.
        const Secret secret{SecretScheme::plain, settings().nonce(limits::nonce_bytes), {}};
        static_cast<void>(same_secret(expected(secret).value_or(""), given_));
        if (none.why == NoSecret::Why::unknown_user)
            return conclude(Verdict::unknown_user, identity_);
        return Failure{FailureKind::wrong_secret, identity_.user, "no secret in a form that fits"};
    }

  private:
    Identity identity_;
    std::string given_;
};

class CramMd5 final : public ChallengeMechanism {
  public:
    using ChallengeMechanism::ChallengeMechanism;

  protected:
    // "<random.time@host>", a msg-id of RFC 822.
    Step on_start(std::optional<std::string_view> initial_response) override {
        if (initial_response && !initial_response->empty()) return invalid();  // RFC 4422 §5
        const auto now = settings().clock->now().time_since_epoch();
        challenge_ = "<" + settings().nonce(limits::nonce_bytes) + "." +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count()) +
                     "@" + settings().host + ">";
        return Challenge{challenge_};
    }

    // user SP digest, where the name may hold spaces.
    Step on_response(std::string_view response) override {
        const std::size_t space = response.rfind(' ');
        if (space == std::string_view::npos) return invalid();
        auto given = read_hex(response.substr(space + 1));
        if (!given || given->size() != md5_bytes) return invalid();
        return fetch(response.substr(0, space), *std::move(given));
    }

    std::optional<std::string> expected(const Secret& secret) const override {
        if (secret.scheme == SecretScheme::plain) return hmac(Digest::md5, secret.data, challenge_);
        if (secret.scheme != SecretScheme::cram_md5 || secret.data.size() != 2 * md5_bytes)
            return std::nullopt;
        return cram_md5_hmac(secret.data, challenge_);
    }

  private:
    std::string challenge_;
};

class Apop final : public ChallengeMechanism {
  public:
    using ChallengeMechanism::ChallengeMechanism;

  protected:
    // challenge NUL user NUL digest (16 bytes, which may hold NULs). The challenge stood in the
    // greeting; that it is this connection's says its beginning.
    Step on_response(std::string_view response) override {
        const std::size_t first = response.find('\0');
        if (first == std::string_view::npos) return invalid();
        const std::size_t second = response.find('\0', first + 1);
        if (second == std::string_view::npos || response.size() - second - 1 != md5_bytes)
            return invalid();
        challenge_ = response.substr(0, first);
        if (peer().apop_prefix.empty() || !challenge_.starts_with(peer().apop_prefix) ||
            !challenge_.ends_with('>'))
            return Failure{FailureKind::bad_data, {}, "not the challenge of this connection"};
        return fetch(response.substr(first + 1, second - first - 1),
                     std::string(response.substr(second + 1)));
    }

    std::optional<std::string> expected(const Secret& secret) const override {
        if (secret.scheme != SecretScheme::plain) return std::nullopt;
        return digest(Digest::md5, {challenge_, secret.data});
    }

  private:
    std::string challenge_;
};

}  // namespace

Made make_cram_md5(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<CramMd5>(info, std::move(settings), std::move(peer));
}

Made make_apop(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Apop>(info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
