// SPDX-License-Identifier: MIT
// SCRAM-SHA-1, SCRAM-SHA-256 and their -PLUS forms (RFC 5802, RFC 7677; channel bindings RFC 5929
// and RFC 9266).
#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "auth/sasl/prepare.h"
#include "auth/sasl/scram_message.h"
#include "auth/sasl/table.h"
#include "auth/secret/digest.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/scram_secret.h"
#include "auth/secret/secret_bytes.h"

#include <algorithm>

namespace auth::sasl {
namespace {

constexpr std::size_t made_salt_bytes = 16;  // as long as Dovecot's

// The salts' key where the settings have none.
const std::string& process_key() {
    static const std::string key = random_nonce(32);
    return key;
}

// A stored secret within the limits; nothing where it is damaged.
std::optional<ScramSecret> read_stored(std::string_view text, Digest hash) {
    auto secret = read_scram(text, hash, {.least = 1, .most = limits::max_stored_iterations});
    if (!secret || secret->salt.empty() || secret->salt.size() > limits::max_salt_bytes)
        return std::nullopt;
    return *std::move(secret);
}

class Scram final : public Mechanism {
  public:
    Scram(Digest hash, const MechanismInfo& mechanism, Shared settings, Peer peer)
        : Mechanism(mechanism, std::move(settings), std::move(peer)), hash_(hash) {}

    ~Scram() override {
        if (password_) wipe(*password_);
    }

  protected:
    Step on_response(std::string_view response) override {
        return server_first_.empty() ? on_first(response) : on_final(response);
    }

    Step on_secret(const Secret& secret) override {
        const SecretScheme own =
            hash_ == Digest::sha1 ? SecretScheme::scram_sha_1 : SecretScheme::scram_sha_256;
        if (secret.scheme == own) {
            const auto keys = read_stored(secret.data, hash_);
            if (!keys)
                return Failure{FailureKind::temporary, identity_.user, "damaged stored secret"};
            keys_ = *keys;
        } else if (secret.scheme == SecretScheme::plain) {
            password_ = secret.data;
            make_salt(secret.user);
        } else {
            return Failure{FailureKind::temporary, identity_.user,
                           "a secret that was not asked for"};
        }
        return challenge();
    }

    // Goes on as for a user with a password that the client cannot know (RFC 5802 §9 leaves that
    // open; without it, names could be tried out).
    Step on_no_secret(const NoSecret& none) override {
        if (none.why == NoSecret::Why::temporary) return conclude(Verdict::temporary, identity_);
        missing_ = none.why;
        make_salt(none.user);
        keys_.stored_key = digest(hash_, {settings().nonce(limits::nonce_bytes)});
        keys_.server_key = keys_.stored_key;
        return challenge();
    }

  private:
    Step failure(std::string reason) const {
        return Failure{FailureKind::bad_data, identity_.user, std::move(reason)};
    }

    Step on_first(std::string_view message) {
        auto parsed = parse_scram_first(message);
        if (!parsed) return failure("invalid input");
        first_ = *std::move(parsed);
        if (const char* wrong = binding_problem()) return failure(wrong);
        const auto user = prepare_name(first_.user);
        if (!user) return failure("invalid input");
        identity_.user = *user;
        if (!first_.header.act_as.empty()) {
            const auto other = prepare_name(first_.header.act_as);
            if (!other) return failure("invalid input");
            if (*other != identity_.user) identity_.act_as = *other;
        }
        return FetchSecret{identity_, info().secrets};
    }

    // RFC 5802 §6: what the client may say of channel binding under which name. Null: all is well.
    const char* binding_problem() const {
        const bool plus = info().properties & channel_binding;
        switch (first_.header.flag) {
            case BindingFlag::required:
                if (!plus) return "channel binding under a name without -PLUS";
                return binding_data() ? nullptr : "unsupported channel binding type";
            case BindingFlag::not_offered:
                if (peer().plus_offered == PlusOffered::yes)
                    return "the client was not told of channel binding";
                [[fallthrough]];
            case BindingFlag::not_supported:
                break;
        }
        return plus ? "no channel binding under a name with -PLUS" : nullptr;
    }

    const std::string* binding_data() const {
        const auto found =
            std::ranges::find(peer().bindings, first_.header.binding, &ChannelBinding::type);
        if (found == peer().bindings.end() || found->data.empty() ||
            found->data.size() > limits::max_binding_bytes)
            return nullptr;
        return &found->data;
    }

    // A salt that is always the same for the user, whether there is one or not.
    void make_salt(const std::string& looked_up) {
        const std::string& key = settings().salt_key.empty() ? process_key() : settings().salt_key;
        const std::string& user = looked_up.empty() ? identity_.user : looked_up;
        const std::string named = std::string(scram_name(hash_)) + " " + user;
        keys_.salt = hmac(Digest::sha256, key, named).substr(0, made_salt_bytes);
        keys_.iterations =
            std::clamp(settings().scram_iterations, scram_least_iterations, limits::max_iterations);
    }

    Step challenge() {
        nonce_ = first_.nonce + settings().nonce(limits::nonce_bytes);
        server_first_ = "r=" + nonce_ + ",s=" + write_base64(keys_.salt) +
                        ",i=" + std::to_string(keys_.iterations);
        return Challenge{server_first_};
    }

    void derive_keys() {
        std::string prepared = prepare_password(*password_);
        keys_ = make_scram(prepared, keys_.salt, keys_.iterations, hash_);
        wipe(prepared);
    }

    Step on_final(std::string_view message) {
        const auto parsed = parse_scram_final(message);
        if (!parsed) return failure("invalid input");
        if (parsed->nonce != nonce_) return failure("not the nonce of this exchange");
        std::string input = first_.gs2_header;
        if (first_.header.flag == BindingFlag::required) input += *binding_data();
        if (!same_secret(parsed->binding, input)) return failure("channel bindings don't match");
        if (password_) derive_keys();

        const std::string auth_message =
            first_.bare + "," + server_first_ + "," + parsed->without_proof;
        const bool right = is_scram_proof(keys_, auth_message, parsed->proof, hash_);
        if (missing_ == NoSecret::Why::unknown_user)
            return conclude(Verdict::unknown_user, identity_);
        if (missing_)
            return Failure{FailureKind::wrong_secret, identity_.user,
                           "no secret in a form that fits"};
        if (!right) return conclude(Verdict::wrong, identity_);
        Success success;
        success.identity = identity_;
        success.data = "v=" + write_base64(scram_signature(keys_, auth_message, hash_));
        if (first_.header.flag == BindingFlag::required)
            success.channel_binding = first_.header.binding;
        return success;
    }

    Digest hash_;
    ScramFirst first_;
    Identity identity_;
    ScramSecret keys_;  // of a known password only salt and iterations, until its proof comes
    std::optional<std::string> password_;
    std::optional<NoSecret::Why> missing_;
    std::string nonce_;
    std::string server_first_;
};

}  // namespace

Made make_scram_sha_1(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Scram>(Digest::sha1, info, std::move(settings), std::move(peer));
}

Made make_scram_sha_256(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<Scram>(Digest::sha256, info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
