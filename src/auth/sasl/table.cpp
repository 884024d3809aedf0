// SPDX-License-Identifier: MIT
#include "auth/sasl/table.h"

#include "auth/sasl/limits.h"
#include "auth/sasl/make.h"
#include "base/text.h"

#include <utility>

namespace auth::sasl {
namespace {

using limits::max_message_bytes;
using limits::max_short_message_bytes;

// Best first: hashed forms need no key to be derived.
constexpr SecretScheme cram_secrets[] = {SecretScheme::cram_md5, SecretScheme::plain};
constexpr SecretScheme digest_secrets[] = {SecretScheme::digest_md5, SecretScheme::plain};
constexpr SecretScheme scram_1_secrets[] = {SecretScheme::scram_sha_1, SecretScheme::plain};
constexpr SecretScheme scram_256_secrets[] = {SecretScheme::scram_sha_256, SecretScheme::plain};
constexpr SecretScheme plain_secrets[] = {SecretScheme::plain};

constexpr Properties bound = mutual_auth | channel_binding;
constexpr Properties overheard = dictionary | active;

// The properties are those of Debian's Dovecot (its auth server's MECH lines); a token crosses the
// wire as a password does, so it is "plaintext".
// clang-format off
constexpr MechanismInfo table[] = {
    {"SCRAM-SHA-256-PLUS", bound, Asks::secret, scram_256_secrets, max_short_message_bytes, make_scram_sha_256},
    {"SCRAM-SHA-1-PLUS", bound, Asks::secret, scram_1_secrets, max_short_message_bytes, make_scram_sha_1},
    {"EXTERNAL", 0, Asks::certificate, {}, max_short_message_bytes, make_external},
    {"SCRAM-SHA-256", mutual_auth, Asks::secret, scram_256_secrets, max_short_message_bytes, make_scram_sha_256},
    {"SCRAM-SHA-1", mutual_auth, Asks::secret, scram_1_secrets, max_short_message_bytes, make_scram_sha_1},
    {"OAUTHBEARER", plaintext, Asks::token, {}, max_message_bytes, make_oauthbearer},
    {"XOAUTH2", plaintext, Asks::token, {}, max_message_bytes, make_xoauth2},
    {"DIGEST-MD5", overheard | mutual_auth, Asks::secret, digest_secrets, max_short_message_bytes, make_digest_md5},
    {"CRAM-MD5", overheard, Asks::secret, cram_secrets, max_short_message_bytes, make_cram_md5},
    {"APOP", private_mechanism | overheard, Asks::secret, plain_secrets, max_short_message_bytes, make_apop},
    {"PLAIN", plaintext, Asks::password, {}, max_short_message_bytes, make_plain},
    {"LOGIN", plaintext, Asks::password, {}, max_short_message_bytes, make_login},
    {"ANONYMOUS", anonymous, Asks::nothing, {}, max_short_message_bytes, make_anonymous},
};
// clang-format on

constexpr std::pair<Properties, std::string_view> words[] = {
    {private_mechanism, "private"},
    {anonymous, "anonymous"},
    {plaintext, "plaintext"},
    {dictionary, "dictionary"},
    {active, "active"},
    {forward_secrecy, "forward-secrecy"},
    {mutual_auth, "mutual-auth"},
    {channel_binding, "channel-binding"},
};

}  // namespace

std::span<const MechanismInfo> mechanisms() {
    return table;
}

const MechanismInfo* find_mechanism(std::string_view name) {
    for (const MechanismInfo& info : table) {
        if (base::iequals(info.name, name)) return &info;
    }
    return nullptr;
}

std::string property_words(const MechanismInfo& info) {
    std::string text;
    for (const auto& [bit, word] : words) {
        if (info.properties & bit) text.append("\t").append(word);
    }
    return text;
}

}  // namespace auth::sasl
