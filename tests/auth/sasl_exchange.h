// SPDX-License-Identifier: MIT
// A SASL exchange as a dialogue of texts, with a user database of its own that answers the
// mechanism's needs. For tests, the fuzz targets and the probe.
#pragma once

#include "auth/sasl/mechanism.h"
#include "auth/sasl/table.h"

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Who exists, and with which stored secrets.
struct SaslUsers {
    std::map<std::string, std::vector<auth::sasl::Secret>> secrets;
    std::map<std::string, std::string> tokens;  // token -> user
    bool broken = false;                        // every look-up fails

    void add(const std::string& user, auth::sasl::SecretScheme scheme, std::string data) {
        secrets[user].push_back({scheme, std::move(data), {}});
    }

    auth::sasl::Answer answer(const auth::sasl::VerifyPassword& need) const {
        using auth::sasl::Verdict;
        if (broken) return Verdict::temporary;
        const auto found = secrets.find(need.identity.user);
        if (found == secrets.end()) return Verdict::unknown_user;
        for (const auto& secret : found->second) {
            if (secret.scheme == auth::sasl::SecretScheme::plain && secret.data == need.password)
                return Verdict::right;
        }
        return Verdict::wrong;
    }
    auth::sasl::Answer answer(const auth::sasl::FetchSecret& need) const {
        using auth::sasl::NoSecret;
        if (broken) return NoSecret{NoSecret::Why::temporary, {}};
        const auto found = secrets.find(need.identity.user);
        if (found == secrets.end()) return NoSecret{NoSecret::Why::unknown_user, {}};
        for (const auto scheme : need.schemes) {
            const auto one = std::ranges::find(found->second, scheme, &auth::sasl::Secret::scheme);
            if (one != found->second.end()) return *one;
        }
        return NoSecret{NoSecret::Why::none_fits, {}};
    }
    auth::sasl::Answer answer(const auth::sasl::ValidateToken& need) const {
        auth::sasl::TokenVerdict verdict;
        if (broken) return verdict;
        const auto found = tokens.find(need.token);
        verdict.verdict = auth::sasl::Verdict::wrong;
        if (found != tokens.end() && (need.user.empty() || need.user == found->second)) {
            verdict.verdict = auth::sasl::Verdict::right;
            verdict.user = found->second;
        }
        return verdict;
    }
    auth::sasl::Answer answer(const auth::sasl::AdmitUser& need) const {
        using auth::sasl::Verdict;
        if (broken) return Verdict::temporary;
        return secrets.contains(need.identity.user) ? Verdict::right : Verdict::unknown_user;
    }
};

class SaslExchange {
  public:
    SaslExchange(std::string_view mechanism, const SaslUsers& users,
                 const auth::sasl::Settings& settings = {}, auth::sasl::Peer peer = {})
        : users_(users) {
        const auth::sasl::MechanismInfo* info = auth::sasl::find_mechanism(mechanism);
        if (!info) throw std::invalid_argument("no such mechanism");
        mechanism_ =
            info->make(*info, std::make_shared<auth::sasl::Settings>(settings), std::move(peer));
    }

    // What the server says: "+ CHALLENGE", "OK USER [as OTHER] [data DATA] [bound TYPE]" or
    // "NO KIND [USER]: REASON".
    std::string start() { return told(mechanism_->start(std::nullopt)); }
    std::string start(std::string_view initial) { return told(mechanism_->start(initial)); }
    std::string say(std::string_view response) { return told(mechanism_->respond(response)); }

    // Whether the last step was a challenge; the last step itself.
    bool open() const { return std::holds_alternative<auth::sasl::Challenge>(last_); }
    const auth::sasl::Step& last() const { return last_; }
    // The needs so far, as "secret USER", "password USER PASSWORD", "token USER TOKEN", "admit
    // USER".
    const std::vector<std::string>& needs() const { return needs_; }

  private:
    std::string told(auth::sasl::Step step) {
        using namespace auth::sasl;
        while (true) {
            if (const auto* verify = std::get_if<VerifyPassword>(&step)) {
                needs_.push_back("password " + verify->identity.user + " " + verify->password);
                step = mechanism_->answer(users_.answer(*verify));
            } else if (const auto* fetch = std::get_if<FetchSecret>(&step)) {
                needs_.push_back("secret " + fetch->identity.user);
                step = mechanism_->answer(users_.answer(*fetch));
            } else if (const auto* validate = std::get_if<ValidateToken>(&step)) {
                needs_.push_back("token " + validate->user + " " + validate->token);
                step = mechanism_->answer(users_.answer(*validate));
            } else if (const auto* admit = std::get_if<AdmitUser>(&step)) {
                needs_.push_back("admit " + admit->identity.user);
                step = mechanism_->answer(users_.answer(*admit));
            } else {
                break;
            }
        }
        last_ = std::move(step);
        return text();
    }

    std::string text() const {
        using namespace auth::sasl;
        if (const auto* challenge = std::get_if<Challenge>(&last_)) return "+ " + challenge->data;
        if (const auto* success = std::get_if<Success>(&last_)) {
            std::string text = "OK " + success->identity.user;
            if (!success->identity.act_as.empty()) text += " as " + success->identity.act_as;
            if (success->data) text += " data " + *success->data;
            if (!success->channel_binding.empty()) text += " bound " + success->channel_binding;
            if (!success->trace.empty()) text += " trace " + success->trace;
            return text;
        }
        const auto& failure = std::get<Failure>(last_);
        constexpr const char* kinds[] = {"bad_data", "wrong_secret", "unknown_user", "temporary"};
        std::string text = std::string("NO ") + kinds[static_cast<int>(failure.kind)];
        if (!failure.user.empty()) text += " " + failure.user;
        return text + ": " + failure.reason;
    }

    const SaslUsers& users_;
    std::unique_ptr<auth::sasl::Mechanism> mechanism_;
    auth::sasl::Step last_;
    std::vector<std::string> needs_;
};
