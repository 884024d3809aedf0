// SPDX-License-Identifier: MIT
// OAUTHBEARER (RFC 7628) and XOAUTH2: the client sends an access token, the caller has it checked.
#include "auth/sasl/make.h"
#include "auth/sasl/oauth_message.h"
#include "auth/sasl/prepare.h"
#include "auth/sasl/table.h"

namespace auth::sasl {
namespace {

enum class Form { oauthbearer, xoauth2 };

class Oauth final : public Mechanism {
  public:
    Oauth(Form form, const MechanismInfo& mechanism, Shared settings, Peer peer)
        : Mechanism(mechanism, std::move(settings), std::move(peer)), form_(form) {}

  protected:
    Step on_response(std::string_view response) override {
        // After an error the client says something without a meaning (RFC 7628 §3.2.3).
        if (refused_) return *std::move(refused_);
        const auto parsed =
            form_ == Form::oauthbearer ? parse_oauthbearer(response) : parse_xoauth2(response);
        if (!parsed) return invalid();
        if (!parsed->user.empty()) {
            const auto user = prepare_name(parsed->user);
            if (!user) return invalid();
            user_ = *user;
        }
        // How a client asks which scope it needs (RFC 7628 §4.3).
        if (parsed->token.empty())
            return refuse({FailureKind::bad_data, user_, "no bearer token"}, "invalid_token", {});
        return ValidateToken{user_, parsed->token, parsed->host, parsed->port};
    }

    Step on_token(const TokenVerdict& verdict) override {
        const std::string& user = verdict.user.empty() ? user_ : verdict.user;
        switch (verdict.verdict) {
            case Verdict::right: {
                if (user.empty()) return conclude(Verdict::temporary, {});
                // Whether the token's user may be the one that was claimed, the caller has said.
                return conclude(Verdict::right, {user, {}});
            }
            case Verdict::wrong:
                return refuse({FailureKind::wrong_secret, user_, "invalid token"}, verdict.status,
                              verdict.scope);
            // The client is told the same.
            case Verdict::unknown_user:
                return refuse({FailureKind::unknown_user, user_, "unknown user"}, verdict.status,
                              verdict.scope);
            case Verdict::temporary:
                break;
        }
        return conclude(Verdict::temporary, {user_, {}});
    }

  private:
    static Step invalid() { return Failure{FailureKind::bad_data, {}, "invalid input"}; }

    Step refuse(Failure failure, std::string_view status, std::string_view scope) {
        refused_ = std::move(failure);
        if (scope.empty()) scope = settings().token_scope;
        if (form_ == Form::oauthbearer)
            return Challenge{oauthbearer_error(status, scope, settings().openid_configuration)};
        // RFC 6750 §3.1's codes as the HTTP statuses that it gives them.
        const std::string_view number = status == "invalid_request"      ? "400"
                                        : status == "insufficient_scope" ? "403"
                                                                         : "401";
        return Challenge{xoauth2_error(number, scope, settings().openid_configuration)};
    }

    Form form_;
    std::string user_;
    std::optional<Failure> refused_;
};

}  // namespace

Made make_oauthbearer(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Oauth>(Form::oauthbearer, info, std::move(settings), std::move(peer));
}

Made make_xoauth2(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Oauth>(Form::xoauth2, info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
