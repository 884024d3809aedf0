// SPDX-License-Identifier: MIT
#include "auth/password_scheme.h"

#include "auth/crypt_cost.h"
#include "auth/scheme.h"
#include "auth/secret/encoded_text.h"
#include "base/text.h"

namespace auth {
namespace {

// In the order in which `doveadm pw -l` of Dovecot 2.3 writes them: scripts compare.
// clang-format off
constexpr Scheme table[] = {
    {"SHA1",          Encoding::base64, 20, false, verify_digest<Digest::sha1>,   generate_digest<Digest::sha1>},
    {"SSHA512",       Encoding::base64,  0, false, verify_salted<Digest::sha512>, generate_salted<Digest::sha512>},
    {"SCRAM-SHA-256", Encoding::none,    0, false, verify_scram<Digest::sha256>,  generate_scram<Digest::sha256>},
    {"BLF-CRYPT",     Encoding::none,    0, false, verify_bcrypt,                 generate_bcrypt},
    {"PLAIN",         Encoding::none,    0, false, verify_plain,                  generate_plain},
    {"HMAC-MD5",      Encoding::hex,    32, true,  verify_cram_md5,               generate_cram_md5},
    {"OTP",           Encoding::none,    0, false, verify_otp,                    generate_otp},
    {"SHA512",        Encoding::base64, 64, false, verify_digest<Digest::sha512>, generate_digest<Digest::sha512>},
    {"SHA",           Encoding::base64, 20, false, verify_digest<Digest::sha1>,   generate_digest<Digest::sha1>},
    {"DES-CRYPT",     Encoding::none,    0, true,  verify_crypt,                  generate_des_crypt},
    {"CRYPT",         Encoding::none,    0, false, verify_crypt,                  generate_bcrypt},
    {"SSHA",          Encoding::base64,  0, false, verify_salted<Digest::sha1>,   generate_salted<Digest::sha1>},
    {"MD5-CRYPT",     Encoding::none,    0, true,  verify_md5_crypt,              generate_md5_crypt},
    {"PLAIN-MD4",     Encoding::hex,    16, true,  verify_digest<Digest::md4>,    generate_digest<Digest::md4>},
    {"PLAIN-MD5",     Encoding::hex,    16, true,  verify_digest<Digest::md5>,    generate_digest<Digest::md5>},
    {"SCRAM-SHA-1",   Encoding::none,    0, false, verify_scram<Digest::sha1>,    generate_scram<Digest::sha1>},
    {"SHA512-CRYPT",  Encoding::none,    0, false, verify_crypt,                  generate_sha512_crypt},
    {"CLEAR",         Encoding::none,    0, false, verify_plain,                  generate_plain},
    {"CLEARTEXT",     Encoding::none,    0, false, verify_plain,                  generate_plain},
    {"ARGON2I",       Encoding::none,    0, false, verify_argon2,                 generate_argon2i},
    {"ARGON2ID",      Encoding::none,    0, false, verify_argon2,                 generate_argon2id},
    {"SSHA256",       Encoding::base64,  0, false, verify_salted<Digest::sha256>, generate_salted<Digest::sha256>},
    {"MD5",           Encoding::none,    0, true,  verify_md5,                    generate_md5_crypt},
    {"PBKDF2",        Encoding::none,    0, false, verify_pbkdf2,                 generate_pbkdf2},
    {"SHA256",        Encoding::base64, 32, false, verify_digest<Digest::sha256>, generate_digest<Digest::sha256>},
    {"CRAM-MD5",      Encoding::hex,    32, false, verify_cram_md5,               generate_cram_md5},
    {"PLAIN-TRUNC",   Encoding::none,    0, false, verify_plain_trunc,            generate_plain},
    {"SHA256-CRYPT",  Encoding::none,    0, false, verify_crypt,                  generate_sha256_crypt},
    {"SMD5",          Encoding::base64,  0, true,  verify_salted<Digest::md5>,    generate_salted<Digest::md5>},
    {"DIGEST-MD5",    Encoding::hex,    16, false, verify_digest_md5,             generate_digest_md5},
    {"LDAP-MD5",      Encoding::base64, 16, true,  verify_digest<Digest::md5>,    generate_digest<Digest::md5>},
};
// clang-format on

std::string_view without_encoding(std::string_view name) {
    return name.substr(0, name.find('.'));
}

const Scheme* find(std::string_view name) {
    for (const Scheme& row : table) {
        if (base::iequals(row.name, name)) return &row;
    }
    return nullptr;
}

struct Named {
    const Scheme* scheme;
    Encoding encoding;
    bool encoding_given;
};

std::optional<Named> find_with_encoding(std::string_view name) {
    std::size_t dot = name.find('.');
    const Scheme* scheme = find(without_encoding(name));
    if (!scheme) return std::nullopt;
    if (dot == std::string_view::npos) return Named{scheme, scheme->encoding, false};
    std::string_view encoding = name.substr(dot + 1);
    if (base::iequals(encoding, "b64") || base::iequals(encoding, "base64"))
        return Named{scheme, Encoding::base64, true};
    if (base::iequals(encoding, "hex")) return Named{scheme, Encoding::hex, true};
    return std::nullopt;
}

// The raw bytes; the error is Dovecot's.
base::Result<std::string, std::string> read_raw(std::string_view data, const Named& named) {
    Encoding encoding = named.encoding;
    const std::size_t known_bytes = named.scheme->raw_bytes;
    const bool guess = encoding != Encoding::none && known_bytes != 0 && !named.encoding_given;
    if (guess) encoding = data.size() == known_bytes * 2 ? Encoding::hex : Encoding::base64;
    if (encoding == Encoding::none) return std::string(data);
    if (encoding == Encoding::hex) {
        if (auto raw = read_hex(data)) return *raw;
        if (!guess) return base::Unexpected{std::string("Input isn't valid HEX encoded data")};
    }
    if (auto raw = read_base64(data, Base64::stored)) return *raw;
    return base::Unexpected{std::string("Input isn't valid base64 encoded data")};
}

}  // namespace

std::optional<StoredPassword> split_scheme(std::string_view stored) {
    constexpr std::string_view md5_crypt = "$1$";
    if (stored.starts_with(md5_crypt)) {
        std::size_t salt_end = stored.find('$', md5_crypt.size());
        if (salt_end != std::string_view::npos)
            return StoredPassword{"MD5-CRYPT",
                                  std::string(stored.substr(0, stored.find('$', salt_end + 1)))};
    }
    std::size_t end = stored.starts_with('{') ? stored.find('}') : std::string_view::npos;
    if (end == std::string_view::npos) return std::nullopt;
    return StoredPassword{std::string(stored.substr(1, end - 1)),
                          std::string(stored.substr(end + 1))};
}

StoredPassword split_scheme(std::string_view stored, std::string_view default_scheme) {
    if (auto split = split_scheme(stored)) return *split;
    return {std::string(default_scheme), std::string(stored)};
}

base::Result<DecodedPassword, std::string> decode(const StoredPassword& stored) {
    auto named = find_with_encoding(stored.scheme);
    if (!named) return base::Unexpected{std::string("Unknown scheme")};
    auto raw = read_raw(stored.data, *named);
    if (!raw) return base::Unexpected{raw.error()};
    const std::size_t known_bytes = named->scheme->raw_bytes;
    if (known_bytes != 0 && raw->size() != known_bytes)
        return base::Unexpected{"Input length isn't valid (" + std::to_string(raw->size()) +
                                " instead of " + std::to_string(known_bytes) + ")"};
    return DecodedPassword{named->scheme, *raw};
}

Verification verify(const DecodedPassword& stored, std::string_view password,
                    const CheckOptions& options) {
    std::string_view weak = weak_scheme(stored);
    Verification result;
    if (!weak.empty() && options.weak == WeakSchemes::refused) {
        result = verify_error("Weak password scheme " + std::string(weak) +
                              " refused (auth_allow_weak_schemes=no)");
    } else if (password.find('\0') != std::string_view::npos) {
        result = match_if(false);
    } else {
        result = stored.scheme->verify({stored.raw, password, options});
    }
    result.weak_scheme = weak;
    return result;
}

Verification verify(const StoredPassword& stored, std::string_view password,
                    const CheckOptions& options) {
    auto decoded = decode(stored);
    return decoded ? verify(*decoded, password, options) : verify_error(decoded.error());
}

base::Result<std::string, std::string> generate(std::string_view scheme, std::string_view password,
                                                const GenerateOptions& options) {
    auto named = find_with_encoding(scheme);
    if (!named) return base::Unexpected{"Unknown scheme: " + std::string(scheme)};
    if (password.find('\0') != std::string_view::npos)
        return base::Unexpected{std::string("A password cannot have a NUL in it")};
    Generated raw = named->scheme->generate({password, options});
    if (!raw) return raw;
    switch (named->encoding) {
        case Encoding::hex:
            return write_hex(*raw);
        case Encoding::base64:
            return write_base64(*raw);
        case Encoding::none:
            break;
    }
    return raw;
}

std::vector<std::string_view> scheme_names() {
    std::vector<std::string_view> names;
    for (const Scheme& row : table)
        names.push_back(row.name);
    return names;
}

bool is_known_scheme(std::string_view name) {
    return find_with_encoding(name).has_value();
}

bool is_weak_scheme(std::string_view name) {
    const Scheme* scheme = find(without_encoding(name));
    return scheme && scheme->weak;
}

// What crypt(3) reads is named by itself, not by the prefix.
std::string_view weak_scheme(const DecodedPassword& stored) {
    if (stored.scheme->verify == verify_crypt) return weak_crypt(stored.raw);
    return stored.scheme->weak ? stored.scheme->name : std::string_view();
}

bool same_scheme(std::string_view one, std::string_view other) {
    const Scheme* first = find(without_encoding(one));
    const Scheme* second = find(without_encoding(other));
    return first && second && first->generate == second->generate;
}

}  // namespace auth
