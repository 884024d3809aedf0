// SPDX-License-Identifier: MIT
// EXTERNAL (RFC 4422 Appendix A) with the user of a TLS client certificate, and ANONYMOUS
// (RFC 4505).
#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "auth/sasl/prepare.h"
#include "mail/decode.h"

#include <algorithm>

namespace auth::sasl {
namespace {

// Where the client's message may be empty, an empty initial response is the whole of it.
class MaybeEmpty : public Mechanism {
  public:
    using Mechanism::Mechanism;

  protected:
    Step on_start(std::optional<std::string_view> initial_response) override {
        if (!initial_response) return Challenge{};
        return on_response(*initial_response);
    }
};

class External final : public MaybeEmpty {
  public:
    using MaybeEmpty::MaybeEmpty;

  protected:
    // The response is the authorization identity, or empty: then it follows from the certificate.
    Step on_response(std::string_view response) override {
        const auto user = prepare_name(peer().certificate_user);
        if (!user) return Failure{FailureKind::bad_data, {}, "no user by client certificate"};
        identity_.user = *user;
        if (!response.empty()) {
            const auto other = prepare_name(response);
            if (!other) return Failure{FailureKind::bad_data, identity_.user, "invalid input"};
            if (*other != identity_.user) identity_.act_as = *other;
        }
        return AdmitUser{identity_};
    }
    Step on_verdict(Verdict verdict) override { return conclude(verdict, identity_); }

  private:
    Identity identity_;
};

class Anonymous final : public MaybeEmpty {
  public:
    using MaybeEmpty::MaybeEmpty;

  protected:
    // [email / token]: at most 255 characters of UTF-8, none of which is of the prohibited ones:
    // of those, control characters would harm a log.
    Step on_response(std::string_view response) override {
        const auto characters = std::ranges::count_if(
            response, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
        if (static_cast<std::size_t>(characters) > limits::max_trace_characters ||
            !mail::is_utf8(response) || std::ranges::any_of(response, [](char c) {
                return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
            }))
            return Failure{FailureKind::bad_data, {}, "invalid input"};
        Success success;
        success.identity.user = settings().anonymous_user;
        success.trace = std::string(response);
        return success;
    }
};

}  // namespace

Made make_external(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<External>(info, std::move(settings), std::move(peer));
}

Made make_anonymous(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Anonymous>(info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
