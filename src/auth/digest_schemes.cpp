// SPDX-License-Identifier: MIT
// Schemes that store a digest: of the password (SHA, PLAIN-MD5, ...), of it and a salt (SSHA, ...),
// and what CRAM-MD5 and DIGEST-MD5 need.
#include "auth/scheme.h"
#include "auth/secret/secret_bytes.h"

namespace auth {
namespace {

constexpr std::size_t salt_bytes = 4;

std::string_view salted_name(Digest algorithm) {
    switch (algorithm) {
        case Digest::sha1:
            return "SSHA";
        case Digest::sha256:
            return "SSHA256";
        case Digest::sha512:
            return "SSHA512";
        case Digest::md4:
        case Digest::md5:
            break;
    }
    return "SMD5";
}

// RFC 2831 §2.1.2.1, H(user:realm:password); the realm is what follows the last '@' of the name.
Generated digest_md5(const std::optional<std::string>& user, std::string_view password) {
    if (!user) return base::Unexpected{std::string("digest_md5_generate(): username not given")};
    std::string_view name = *user;
    std::string_view realm;
    if (std::size_t at = name.rfind('@'); at != std::string_view::npos) {
        realm = name.substr(at + 1);
        name = name.substr(0, at);
    }
    return digest(Digest::md5, {name, ":", realm, ":", password});
}

}  // namespace

template <Digest algorithm>
Verification verify_digest(const Verifying& asked) {
    return match_if(same_secret(asked.raw, digest(algorithm, {asked.password})));
}

template <Digest algorithm>
Generated generate_digest(const Generating& asked) {
    return digest(algorithm, {asked.password});
}

template <Digest algorithm>
Verification verify_salted(const Verifying& asked) {
    const std::size_t length = digest_bytes(algorithm);
    if (asked.raw.size() <= length)
        return verify_error(std::string(salted_name(algorithm)) + " password is too short");
    return match_if(same_secret(asked.raw.substr(0, length),
                                digest(algorithm, {asked.password, asked.raw.substr(length)})));
}

template <Digest algorithm>
Generated generate_salted(const Generating& asked) {
    std::string salt = random_bytes(salt_bytes);
    return digest(algorithm, {asked.password, salt}) + salt;
}

template Verification verify_digest<Digest::md4>(const Verifying&);
template Verification verify_digest<Digest::md5>(const Verifying&);
template Verification verify_digest<Digest::sha1>(const Verifying&);
template Verification verify_digest<Digest::sha256>(const Verifying&);
template Verification verify_digest<Digest::sha512>(const Verifying&);
template Generated generate_digest<Digest::md4>(const Generating&);
template Generated generate_digest<Digest::md5>(const Generating&);
template Generated generate_digest<Digest::sha1>(const Generating&);
template Generated generate_digest<Digest::sha256>(const Generating&);
template Generated generate_digest<Digest::sha512>(const Generating&);
template Verification verify_salted<Digest::md5>(const Verifying&);
template Verification verify_salted<Digest::sha1>(const Verifying&);
template Verification verify_salted<Digest::sha256>(const Verifying&);
template Verification verify_salted<Digest::sha512>(const Verifying&);
template Generated generate_salted<Digest::md5>(const Generating&);
template Generated generate_salted<Digest::sha1>(const Generating&);
template Generated generate_salted<Digest::sha256>(const Generating&);
template Generated generate_salted<Digest::sha512>(const Generating&);

Verification verify_cram_md5(const Verifying& asked) {
    return match_if(same_secret(asked.raw, cram_md5_states(asked.password)));
}

Generated generate_cram_md5(const Generating& asked) {
    return cram_md5_states(asked.password);
}

Verification verify_digest_md5(const Verifying& asked) {
    Generated made = digest_md5(asked.options.user, asked.password);
    if (!made) return verify_error(made.error());
    return match_if(same_secret(asked.raw, *made));
}

Generated generate_digest_md5(const Generating& asked) {
    return digest_md5(asked.options.user, asked.password);
}

}  // namespace auth
