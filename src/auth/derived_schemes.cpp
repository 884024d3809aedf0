// SPDX-License-Identifier: MIT
// Schemes that derive a key in many rounds: PBKDF2, SCRAM-SHA-1, SCRAM-SHA-256 and OTP.
#include "auth/otp.h"
#include "auth/scheme.h"
#include "auth/secret/encoded_text.h"
#include "auth/secret/scram_secret.h"
#include "auth/secret/secret_bytes.h"
#include "base/text.h"

#include <algorithm>

namespace auth {
namespace {

constexpr unsigned pbkdf2_default_rounds = 5000;
constexpr std::size_t pbkdf2_salt_characters = 16;
constexpr std::size_t scram_salt_bytes = 16;
constexpr unsigned otp_first_sequence = 1024;
constexpr std::size_t otp_seed_bytes = 8;  // written as hexadecimal

}  // namespace

// "$1$salt$rounds$hash": HMAC-SHA-1, the salt as it is written, the hash in hexadecimal.
Verification verify_pbkdf2(const Verifying& asked) {
    constexpr std::string_view prefix = "$1$";
    if (!asked.raw.starts_with(prefix)) return verify_error("Invalid PBKDF2 passdb entry prefix");
    auto fields = base::split(asked.raw.substr(prefix.size()), '$');
    auto rounds = fields.size() == 3 ? base::parse_number<unsigned>(fields[1]) : std::nullopt;
    if (!rounds) return verify_error("Invalid PBKDF2 passdb entry format");
    auto stored = read_hex(fields[2]);
    if (!stored || stored->size() != digest_bytes(Digest::sha1))
        return verify_error("PBKDF2 hash not 160bit hex-encoded");
    if (*rounds > asked.options.limits.rounds) return too_costly();
    if (*rounds == 0) return match_if(false);
    return match_if(
        same_secret(*stored, derive_key(Digest::sha1, asked.password, fields[0], *rounds)));
}

Generated generate_pbkdf2(const Generating& asked) {
    unsigned rounds = asked.options.rounds ? asked.options.rounds : pbkdf2_default_rounds;
    if (rounds > asked.options.limits.rounds)
        return too_many_rounds(rounds, asked.options.limits.rounds);
    std::string salt = random_salt(pbkdf2_salt_characters);
    return "$1$" + salt + "$" + std::to_string(rounds) + "$" +
           write_hex(derive_key(Digest::sha1, asked.password, salt, rounds));
}

// SCRAM's passwords are taken as they come, without SASLprep, as Dovecot does: what either stored
// must keep fitting.
template <Digest algorithm>
Verification verify_scram(const Verifying& asked) {
    auto stored = read_scram(asked.raw, algorithm);
    if (!stored) return verify_error(stored.error());
    if (stored->iterations > asked.options.limits.rounds) return too_costly();
    ScramSecret made = make_scram(asked.password, stored->salt, stored->iterations, algorithm);
    return match_if(same_secret(stored->stored_key, made.stored_key));
}

template <Digest algorithm>
Generated generate_scram(const Generating& asked) {
    unsigned rounds = std::max(asked.options.rounds, scram_least_iterations);
    if (rounds > asked.options.limits.rounds)
        return too_many_rounds(rounds, asked.options.limits.rounds);
    return write_scram(
        make_scram(asked.password, random_bytes(scram_salt_bytes), rounds, algorithm));
}

template Verification verify_scram<Digest::sha1>(const Verifying&);
template Verification verify_scram<Digest::sha256>(const Verifying&);
template Generated generate_scram<Digest::sha1>(const Generating&);
template Generated generate_scram<Digest::sha256>(const Generating&);

// Only the form that write_otp() gives matches, in either case.
Verification verify_otp(const Verifying& asked) {
    auto state = read_otp(asked.raw);
    if (!state) return verify_error("Invalid OTP data in passdb");
    if (state->sequence > asked.options.limits.otp_sequence) return too_costly();
    state->hash = otp_hash(state->algorithm, state->seed, asked.password, state->sequence);
    return match_if(same_secret(base::to_lower(asked.raw), write_otp(*state)));
}

Generated generate_otp(const Generating& asked) {
    OtpState state{Digest::sha1, otp_first_sequence, write_hex(random_bytes(otp_seed_bytes)), {}};
    state.hash = otp_hash(state.algorithm, state.seed, asked.password, state.sequence);
    return write_otp(state);
}

}  // namespace auth
