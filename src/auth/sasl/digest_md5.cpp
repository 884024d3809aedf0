// SPDX-License-Identifier: MIT
// DIGEST-MD5 (RFC 2831, historic by RFC 6331) without security layers (qop=auth) and without
// subsequent authentication: every nonce is used once.
#include "auth/sasl/digest_response.h"
#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "auth/sasl/prepare.h"
#include "auth/sasl/table.h"
#include "auth/secret/digest.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/secret_bytes.h"
#include "base/text.h"

#include <algorithm>
#include <utility>

namespace auth::sasl {
namespace {

// digest-uri is serv-type "/" host ["/" serv-name]. The service must be ours, lest a server of
// another one uses the response here (RFC 2831 §2.1.2.1); host names are not looked at, as servers
// have many (nor does Dovecot).
bool fits(std::string_view digest_uri, std::string_view service) {
    const std::size_t slash = digest_uri.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == digest_uri.size())
        return false;
    const std::string_view type = digest_uri.substr(0, slash);
    // The registered names (RFC 2831 cites GSSAPI's) are those of the services but for POP3's.
    return service.empty() || base::iequals(type, service) ||
           (base::iequals(service, "pop3") && base::iequals(type, "pop")) ||
           (base::iequals(service, "submission") && base::iequals(type, "smtp"));
}

class DigestMd5 final : public Mechanism {
  public:
    using Mechanism::Mechanism;

  protected:
    Step on_start(std::optional<std::string_view> initial_response) override {
        if (initial_response && !initial_response->empty()) return failure("invalid input");
        nonce_ = settings().nonce(limits::nonce_bytes);
        std::string challenge;
        for (const std::string& realm : settings().realms)
            challenge += "realm=" + quoted(realm) + ",";
        // Without a realm clients ask the user for one, or take their host's name.
        if (challenge.empty()) challenge = "realm=\"\",";
        challenge += "nonce=" + quoted(nonce_) + ",qop=\"auth\",algorithm=md5-sess,charset=utf-8";
        return Challenge{challenge};
    }

    Step on_response(std::string_view text) override {
        auto parsed = parse_digest_response(text);
        if (!parsed) return failure("invalid input");
        response_ = *std::move(parsed);
        if (!same_secret(response_.nonce, nonce_)) return failure("not the nonce of this exchange");
        if (response_.nonce_count != "00000001") return failure("nonce used again");
        if (response_.qop != "auth") return failure("a security layer was asked for");
        if (!fits(response_.digest_uri, peer().service)) return failure("made for another service");
        if (!settings().realms.empty() &&
            std::ranges::find(settings().realms, unicode(response_.realm)) ==
                settings().realms.end())
            return failure("a realm that was not offered");
        return identify();
    }

    Step on_secret(const Secret& secret) override {
        const std::vector<std::string> keys = keys_of(secret);
        if (keys.empty())
            return Failure{FailureKind::temporary, identity_.user, "damaged stored secret"};
        for (const std::string& key : keys) {
            if (!same_secret(proof(key, "AUTHENTICATE:"), response_.response)) continue;
            Success success;
            success.identity = identity_;
            success.data = "rspauth=" + proof(key, ":");
            return success;
        }
        return conclude(Verdict::wrong, identity_);
    }

    Step on_no_secret(const NoSecret& none) override {
        if (none.why == NoSecret::Why::temporary) return conclude(Verdict::temporary, identity_);
        // The same work as for a user whom we know.
        const std::string key = digest(Digest::md5, {settings().nonce(limits::nonce_bytes)});
        static_cast<void>(same_secret(proof(key, "AUTHENTICATE:"), response_.response));
        if (none.why == NoSecret::Why::unknown_user)
            return conclude(Verdict::unknown_user, identity_);
        return Failure{FailureKind::wrong_secret, identity_.user, "no secret in a form that fits"};
    }

  private:
    static Step failure(std::string reason) {
        return Failure{FailureKind::bad_data, {}, std::move(reason)};
    }

    // A value as UTF-8 (or what claims to be).
    std::string unicode(const std::string& value) const {
        return response_.charset == DigestResponse::Charset::utf8 ? value : from_latin1(value);
    }

    Step identify() {
        std::string user = unicode(response_.username);
        // As in Dovecot: the realm is the domain of a name without one.
        if (!response_.realm.empty() && user.find('@') == std::string::npos)
            user += "@" + unicode(response_.realm);
        const auto prepared = prepare_name(user);
        if (!prepared) return failure("invalid input");
        identity_.user = *prepared;
        if (!response_.authzid.empty()) {
            // authzid is in UTF-8 always (RFC 2831 §2.1.2). Naming oneself is no wish.
            const auto other = prepare_name(response_.authzid);
            if (!other) return failure("invalid input");
            if (*other != identity_.user && *other != unicode(response_.username))
                identity_.act_as = *other;
        }
        return FetchSecret{identity_, info().secrets};
    }

    // The values that H(user:realm:password) may have. Where the client's text is UTF-8, §2.1.2.1
    // wants ISO 8859-1 hashed as far as it goes; but some clients leave UTF-8 as it is, in all or
    // (GNU SASL) in the name.
    std::vector<std::string> keys_of(const Secret& secret) const {
        if (secret.scheme == SecretScheme::digest_md5) {
            if (secret.data.size() != digest_bytes(Digest::md5)) return {};
            return {secret.data};
        }
        if (secret.scheme != SecretScheme::plain) return {};
        std::vector<std::string> names = {response_.username + ":" + response_.realm};
        std::vector<std::string> passwords = {secret.data};
        if (const auto latin1 = to_latin1(secret.data); latin1 && *latin1 != secret.data)
            passwords.push_back(*latin1);
        if (response_.charset == DigestResponse::Charset::utf8) {
            const std::string in_latin1 =
                to_latin1(response_.username).value_or(response_.username) + ":" +
                to_latin1(response_.realm).value_or(response_.realm);
            if (in_latin1 != names.front()) names.push_back(in_latin1);
        }
        std::vector<std::string> keys;
        for (const std::string& name : names) {
            for (const std::string& password : passwords)
                keys.push_back(digest(Digest::md5, {name, ":", password}));
        }
        return keys;
    }

    // HEX(KD(HEX(H(A1)), nonce:nc:cnonce:qop:HEX(H(A2)))), where A2 begins with `direction`.
    std::string proof(const std::string& key, std::string_view direction) const {
        const auto hash = [](std::initializer_list<std::string_view> parts) {
            return write_hex(digest(Digest::md5, parts));
        };
        std::string a1 = key + ":" + nonce_ + ":" + response_.cnonce;
        if (!response_.authzid.empty()) a1 += ":" + response_.authzid;
        return hash({hash({a1}), ":", nonce_, ":", response_.nonce_count, ":", response_.cnonce,
                     ":", response_.qop, ":", hash({direction, response_.digest_uri})});
    }

    std::string nonce_;
    DigestResponse response_;
    Identity identity_;
};

}  // namespace

Made make_digest_md5(const MechanismInfo& info, Shared settings, Peer peer) {
    return std::make_unique<DigestMd5>(info, std::move(settings), std::move(peer));
}

}  // namespace auth::sasl
