// SPDX-License-Identifier: MIT
// PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login): the password itself is sent.
#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "auth/sasl/prepare.h"

namespace auth::sasl {
namespace {

Failure invalid() {
    return {FailureKind::bad_data, {}, "invalid input"};
}

// The need for a verdict on name and password, which both mechanisms end with.
class PasswordMechanism : public Mechanism {
  public:
    using Mechanism::Mechanism;

  protected:
    Step verify(Identity identity, std::string_view password) {
        if (password.size() > limits::max_password_bytes ||
            password.find('\0') != std::string_view::npos)
            return invalid();
        identity_ = std::move(identity);
        return VerifyPassword{identity_, std::string(password)};
    }
    Step on_verdict(Verdict verdict) override { return conclude(verdict, identity_); }

  private:
    Identity identity_;
};

class Plain final : public PasswordMechanism {
  public:
    using PasswordMechanism::PasswordMechanism;

  protected:
    // [authzid] NUL authcid NUL passwd
    Step on_response(std::string_view response) override {
        const std::size_t first = response.find('\0');
        if (first == std::string_view::npos) return invalid();
        const std::size_t second = response.find('\0', first + 1);
        if (second == std::string_view::npos) return invalid();
        const std::string_view act_as = response.substr(0, first);
        const std::string_view user = response.substr(first + 1, second - first - 1);
        if (user.empty()) return Failure{FailureKind::bad_data, {}, "empty username"};
        Identity identity;
        const auto prepared = prepare_name(user);
        if (!prepared) return invalid();
        identity.user = *prepared;
        if (!act_as.empty()) {
            const auto other = prepare_name(act_as);
            if (!other) return invalid();
            if (*other != identity.user) identity.act_as = *other;
        }
        return verify(std::move(identity), response.substr(second + 1));
    }
};

class Login final : public PasswordMechanism {
  public:
    using PasswordMechanism::PasswordMechanism;

  protected:
    // An initial response is the user name: Outlook and others send it so.
    Step on_start(std::optional<std::string_view> initial_response) override {
        if (!initial_response || initial_response->empty()) return Challenge{"Username:"};
        return on_response(*initial_response);
    }

    Step on_response(std::string_view response) override {
        if (!user_.empty()) return verify(Identity{std::move(user_), {}}, response);
        if (response.empty()) return Failure{FailureKind::bad_data, {}, "empty username"};
        const auto prepared = prepare_name(response);
        if (!prepared) return invalid();
        user_ = *prepared;
        return Challenge{"Password:"};
    }

  private:
    std::string user_;
};

}  // namespace

Made make_plain(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Plain>(info, std::move(settings), std::move(peer));
}

Made make_login(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Login>(info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
