// SPDX-License-Identifier: MIT
// Known settings: TLS. Sorted by name (compat 1.5).
#include "config/table.h"

namespace config {
namespace {

// clang-format off
constexpr Setting rows[] = {
    {"ssl", Type::one_of, "yes", "yes no required", Effect::acts,
     "TLS: off, possible, or needed; a global no turns all of it off"},
    {"ssl_alt_cert", Type::file, "", "", Effect::later,
     "second cert (e.g. ECDSA)"},
    {"ssl_alt_key", Type::file, "", "", Effect::later,
     "key of ssl_alt_cert"},
    {"ssl_ca", Type::file, "", "", Effect::later,
     "only for verifying client certs (CA + CRL)"},
    {"ssl_cert", Type::file, "", "", Effect::acts,
     "PEM chain, own cert first; per protocol / local_name allowed"},
    {"ssl_cert_username_field", Type::text, "commonName", "", Effect::later,
     "commonName or OID name"},
    {"ssl_cipher_list", Type::text, "ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH", "", Effect::acts,
     "OpenSSL list ≤TLS1.2"},
    {"ssl_cipher_suites", Type::text, "", "", Effect::acts,
     "TLS1.3"},
    {"ssl_client_ca_dir", Type::text, "", "", Effect::later,
     "outgoing verification"},
    {"ssl_client_ca_file", Type::text, "", "", Effect::later,
     "outgoing verification"},
    {"ssl_client_cert", Type::file, "", "", Effect::later,
     "own certificate on outgoing connections"},
    {"ssl_client_key", Type::file, "", "", Effect::later,
     "key of ssl_client_cert"},
    {"ssl_client_require_valid_cert", Type::boolean, "yes", "", Effect::later,
     "refuse invalid certificates on outgoing connections"},
    {"ssl_crypto_device", Type::text, "", "", Effect::later,
     "OpenSSL engine"},
    {"ssl_curve_list", Type::text, "", "", Effect::later,
     "P-521:P-384:P-256 form"},
    {"ssl_dh", Type::file, "", "", Effect::later,
     "</usr/share/dovecot/dh.pem; without it DHE is off"},
    {"ssl_key", Type::file, "", "", Effect::acts,
     "PEM key"},
    {"ssl_key_password", Type::text, "", "", Effect::acts,
     "password of ssl_key"},
    {"ssl_min_protocol", Type::text, "TLSv1.2", "", Effect::acts,
     "TLSv1, TLSv1.1, TLSv1.2, TLSv1.3, ANY or LATEST"},
    {"ssl_options", Type::text, "", "", Effect::later,
     "compression, no_ticket"},
    {"ssl_prefer_server_ciphers", Type::boolean, "no", "", Effect::acts,
     "the server's order of ciphers counts"},
    {"ssl_require_crl", Type::boolean, "yes", "", Effect::later,
     "client certificates need a revocation list"},
    {"ssl_verify_client_cert", Type::boolean, "no", "", Effect::later,
     "request a client cert"},
};
// clang-format on
static_assert(sorted_by_name(rows));

}  // namespace

const std::span<const Setting> tls_settings = rows;

}  // namespace config
